"""What people may send about sprints. Forms clean input; the rules are the models'."""

from django import forms

from sprints.flow import COLUMNS
from sprints.models import Destination, GoalResult
from sprints.models.sprint_rows import HIGHEST
from teams.forms import Versioned, day, words

LONGEST = 300
GOAL_HINT = "What will be true for people at the end that is not true now. It can wait until the sprint starts"
SHOW_HINT = "During the sprint or in the week after it. Leave it empty when it is not fixed yet"


def goal_field(**more):
    return forms.CharField(label="Sprint goal", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 2}), **more)


class PlanForm(forms.Form):
    """A sprint to come."""

    goal = goal_field(required=False, help_text=GOAL_HINT)
    starts_on = day("First day", "Enter the first day")
    ends_on = day("Last day", "Enter the last day", "Two weeks is usual, a month the most")
    show_and_tell = day("Show and tell", hint=SHOW_HINT)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data, *, first, initial):
        super().__init__(data, initial=initial)
        if first:
            self.fields["number"] = forms.IntegerField(
                label="Number of this sprint",
                min_value=1,
                max_value=HIGHEST,
                help_text="1, unless the team counted its sprints before it came here",
            )


class SprintForm(Versioned):
    """The words and dates of a sprint that is planned; once it is active its dates stay."""

    goal = goal_field(required=False)
    starts_on = day("First day", "Enter the first day")
    ends_on = day("Last day", "Enter the last day")
    show_and_tell = day("Show and tell", hint=SHOW_HINT)


class ActiveSprintForm(Versioned):
    goal = goal_field(
        help_text="The sprint has started: that the goal was changed is shown with what it was",
        error_messages={"required": "An active sprint needs a goal"},
    )
    show_and_tell = day("Show and tell", hint=SHOW_HINT)


class ScopeForm(forms.Form):
    """Several stories, or the one whose button was pressed, in or out."""

    act = forms.ChoiceField(choices=[("pull", "Pull in"), ("take_out", "Take out")])
    why = forms.CharField(max_length=LONGEST, required=False)

    def references(self) -> list:
        only = self.data.get("only")
        return [only] if only else self.picked()

    def picked(self) -> list:
        """What stays selected when it was refused."""
        return self.data.getlist("pick")


class PullForm(forms.Form):
    """Into which sprint the selected stories go."""

    why = forms.CharField(
        label="Why does the scope change?",
        max_length=LONGEST,
        required=False,
        help_text="Only for a sprint that has started",
    )

    def __init__(self, data, *, sprints):
        self.sprints = {str(sprint.number): sprint for sprint in sprints}
        super().__init__(data, initial={"sprint": next(iter(self.sprints), "")})
        self.fields["sprint"] = forms.ChoiceField(
            choices=[(key, f"{one} ({one.get_state_display().lower()})") for key, one in self.sprints.items()],
            widget=forms.RadioSelect,
            error_messages={"required": "Choose a sprint", "invalid_choice": "Choose a sprint of this list"},
        )
        self.order_fields(["sprint", "why"])
        if not any(one.is_active for one in sprints):
            del self.fields["why"]

    def clean_sprint(self):
        return self.sprints[self.cleaned_data["sprint"]]


class CloseForm(forms.Form):
    """Where each unfinished story goes, and what became of the goal."""

    goal_result = forms.ChoiceField(
        label="Was the goal met?",
        choices=GoalResult.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Say whether the goal was met"},
    )
    goal_note = forms.CharField(
        label="Why, in a sentence",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2, "data-draft": ""}),
        help_text="It stays in the team’s goal record",
        error_messages={"required": "Say in a sentence why"},
    )

    others = forms.ChoiceField(
        label="Those you choose nothing for go to",
        choices=Destination.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text="One choice for all of them, or for the rest",
    )

    def __init__(self, data, *, unfinished):
        super().__init__(data)
        self.stories = unfinished
        if len(unfinished) < 2:
            del self.fields["others"]
        for story in unfinished:
            self.fields[field_of(story)] = forms.ChoiceField(
                label=f"{story.reference} goes to",
                choices=Destination.choices,
                widget=forms.RadioSelect,
                required=False,
            )

    def clean(self):
        cleaned = super().clean()
        for name, story in ((field_of(story), story) for story in self.stories):
            if name in cleaned:
                cleaned[name] = cleaned[name] or cleaned.get("others")
                if not cleaned[name]:
                    self.add_error(name, f"Choose where {story.reference} goes")
        return cleaned

    def destinations(self) -> dict:
        return {story.reference: self.cleaned_data[field_of(story)] for story in self.stories}

    def rows(self) -> list:
        """(story, its field)"""
        return [(story, self[field_of(story)]) for story in self.stories]


def field_of(story) -> str:
    return f"story_{story.number}"


class CancelForm(forms.Form):
    reason = words("Why is it cancelled?", LONGEST, "Say why the sprint is cancelled", "Everybody in the team reads it")


class CardForm(forms.Form):
    """Where a card goes: drag, keys, menu and page all send this."""

    to = forms.ChoiceField(
        label="Column",
        choices=[*COLUMNS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a column", "invalid_choice": "Choose a column of the board"},
    )
    where = forms.ChoiceField(
        label="Place in the column",
        choices=[("top", "Top"), ("bottom", "Bottom"), ("before", "Above another card")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a place"},
    )
    other = forms.CharField(
        label="Above which card", max_length=20, required=False, help_text="A reference, like BER-4"
    )
    comment = forms.CharField(
        label="What is missing",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": ""}),
        help_text="Only when you return what was ready for sign-off",
    )
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    undo = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def clean_other(self):
        return self.cleaned_data["other"].strip().upper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("where") == "before" and not cleaned.get("other"):
            self.add_error("other", "Enter the card it should stand above, like BER-4")
        return cleaned
