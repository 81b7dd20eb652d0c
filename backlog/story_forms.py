"""What people may send about stories. Forms clean input; the rules are the models'."""

import re

from django import forms
from django.core.validators import URLValidator
from django.db.models import Q

from backlog.forms import MoveForm
from backlog.models import AccessNeed, Comment, Kind, Opportunity, Story, StoryChannel, StoryState, UserGroup
from backlog.models.story_rows import LONGEST_TITLE
from backlog.models.story_states import POINTS
from teams.forms import day
from teams.models import User

MOST_LINES = 50
POINT_CHOICES = [("", "? not yet known"), *((n, f"{n}, split this" if n == 13 else str(n)) for n in POINTS)]
NARRATIVE = re.compile(
    r"as (?:an? )?(?P<actor>.+?),? (?:I|we) (?:need|want) to (?P<need>.+?)(?:,? so that (?P<so_that>.+))?",
    re.IGNORECASE,
)
KIND = re.compile(r"(?P<kind>story|bug|task)\s*:\s*", re.IGNORECASE)
HIDDEN_VERSION = {"widget": forms.HiddenInput, "required": False, "min_value": 1, "max_value": 2**31 - 1}


class Reference(forms.CharField):
    """A reference of the team's own, as its thing."""

    def __init__(self, rows, **options):
        super().__init__(max_length=20, required=False, **options)
        self.rows = rows

    def clean(self, value):
        text = super().clean(value).upper()
        if not text:
            return None
        found = self.rows.filter(reference=text).first()
        if found is None:
            raise forms.ValidationError(f"{text} is not an opportunity of this team")
        return found

    def prepare_value(self, value):
        return getattr(value, "reference", value)


class StoryForm(forms.Form):
    """The words and facts of a story; used to add one and to edit one."""

    kind = forms.ChoiceField(label="Type", choices=Kind.choices, widget=forms.RadioSelect, initial=Kind.USER_STORY)
    title = forms.CharField(
        max_length=LONGEST_TITLE, required=False, help_text="A user story without a title is called by its need"
    )
    actor = forms.CharField(
        label="As", max_length=150, required=False, help_text="Who it is for, such as: someone without internet"
    )
    need = forms.CharField(label="I need to", max_length=300, required=False)
    so_that = forms.CharField(label="So that", max_length=300, required=False)
    criteria = forms.CharField(
        label="It’s done when",
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "data-draft": ""}),
        help_text="One acceptance criterion on each line",
    )
    points = forms.TypedChoiceField(label="Size", choices=POINT_CHOICES, coerce=int, empty_value=None, required=False)
    assignee = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody yet")
    channel = forms.ChoiceField(choices=[("", "Not said"), *StoryChannel.choices], required=False)
    user_group = forms.CharField(max_length=80, required=False, help_text="The kind of user it is for, such as: carers")
    access_needs = forms.MultipleChoiceField(
        choices=AccessNeed.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    assisted_digital = forms.BooleanField(required=False, help_text="For people who need help to do this online")
    source = forms.CharField(
        label="Where it came from",
        max_length=300,
        required=False,
        help_text="A research session, a report, a request. Do not name research participants",
    )
    description = forms.CharField(
        label="Notes", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4, "data-draft": ""})
    )
    version = forms.IntegerField(**HIDDEN_VERSION)

    def __init__(self, data, *, team, story=None, opportunity=None):
        super().__init__(data, initial=facts_of(story) if story else {"opportunity": opportunity})
        self.team = team
        own = Q(team=team) | Q(pk=story.opportunity_id if story else None)  # its own, also where it was merged to
        parent = Reference(
            Opportunity.objects.filter(own), label="Parent opportunity", help_text="A reference, such as HOU-17"
        )
        self.fields["opportunity"] = parent
        people = User.objects.filter(memberships__in=team.memberships.current())
        if story and story.assignee_id:
            people = people | User.objects.filter(pk=story.assignee_id)  # also after they have left
        self.fields["assignee"].queryset = people.distinct().order_by("name")
        groups = [group.name for group in team.user_groups.all()]
        self.fields["user_group"].widget.attrs["list"] = "user-groups"
        self.user_groups = groups

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("title") and not cleaned.get("need") and not self.errors:
            self.add_error("title", "Enter a title, or what the user needs")
        return cleaned

    def clean_criteria(self):
        lines = [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]
        if any(len(line) > 300 for line in lines):
            raise forms.ValidationError("Use at most 300 characters for each criterion")
        return lines

    def facts(self) -> dict:
        """What `Story.objects.add` and `story.edit` take; a user group named for the first time is made."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        name = facts["user_group"]
        facts["user_group"] = UserGroup.objects.named(self.team, name) if name else None
        return facts


def facts_of(story) -> dict:
    plain = ["kind", "title", "actor", "need", "so_that", "points", "channel", "access_needs", "assisted_digital"]
    return {name: getattr(story, name) for name in [*plain, "source", "description", "version", "opportunity"]} | {
        "criteria": "\n".join(criterion.text for criterion in story.criteria.all()),
        "assignee": story.assignee_id,
        "user_group": story.user_group.name if story.user_group else "",
    }


class ManyForm(forms.Form):
    """Several stories at once, one on each line."""

    lines = forms.CharField(
        label="One on each line",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5, "data-draft": ""}),
        error_messages={"required": "Enter at least one line"},
        help_text="A title, or “As a carer, I need to print the pack so that…”. “bug:” or “task:” begins those",
    )

    def clean_lines(self):
        drafts = [draft_from(line.strip()) for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(drafts) > MOST_LINES:
            raise forms.ValidationError(f"Enter {MOST_LINES} lines at most; these are {len(drafts)}")
        for number, draft in enumerate(drafts, 1):
            if len(draft.get("title", "")) > LONGEST_TITLE or len(draft.get("actor", "")) > LONGEST_TITLE:
                raise forms.ValidationError(f"Line {number} is longer than {LONGEST_TITLE} characters")
            if max(len(draft.get("need", "")), len(draft.get("so_that", ""))) > 300:
                raise forms.ValidationError(f"Line {number} says more than 300 characters of one thing")
            if not (draft.get("title") or draft.get("need")):
                raise forms.ValidationError(f"Line {number} has no title")
        return drafts


def draft_from(line) -> dict:
    """The fields that one typed line stands for."""
    said = KIND.match(line)
    kind = {"bug": Kind.BUG, "task": Kind.TASK}.get(said["kind"].lower() if said else "", Kind.USER_STORY)
    words = line[said.end() :] if said else line
    narrative = NARRATIVE.fullmatch(words.rstrip(".")) if kind == Kind.USER_STORY else None
    if narrative:
        return {"kind": kind} | {name: (text or "").strip() for name, text in narrative.groupdict().items()}
    return {"kind": kind, "title": words}


class StepForm(forms.Form):
    """One step of a story to another state, with what has to be said."""

    to = forms.ChoiceField(
        label="Take it to",
        choices=StoryState.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where to take it"},
    )
    comment = forms.CharField(
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-draft": ""}),
        help_text="Needed when you return a story or decide that it won’t be done",
    )
    version = forms.IntegerField(**HIDDEN_VERSION)

    def __init__(self, data, *, story, steps, to=""):
        super().__init__(data, initial={"version": story.version, "to": to})
        self.fields["to"].choices = [
            (state, f"{step.label} ({StoryState(state).label})") for state, step in steps.items()
        ]
        self.fields["to"].error_messages["invalid_choice"] = "Choose a step from the list"


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody")
    version = forms.IntegerField(**HIDDEN_VERSION)

    def __init__(self, data, *, story):
        super().__init__(data, initial={"assignee": story.assignee_id, "version": story.version})
        people = User.objects.filter(memberships__in=story.team.memberships.current())
        self.fields["assignee"].queryset = people.distinct().order_by("name")


class StoryMoveForm(MoveForm):
    def __init__(self, data):
        super().__init__(data)
        self.fields["to"].choices = [(to, label) for to, label in self.fields["to"].choices if to != "before"]
        self.fields["to"].choices += [("before", "Above another story")]


class StoryCommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["text"]
        labels = {"text": "Your comment"}
        help_texts = {"text": "Do not name research participants or customers"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "data-draft": ""})}
        error_messages = {"text": {"required": "Enter a comment"}}


class LinkForm(forms.Form):
    """An address of the web, or a reference of the programme."""

    title = forms.CharField(label="What it is", max_length=120, error_messages={"required": "Say what it is"})
    address = forms.CharField(
        label="Address or reference",
        max_length=500,
        help_text="Such as https://prototype.example/pack or HOU-48",
        error_messages={"required": "Enter an address or a reference"},
    )

    def __init__(self, data, *, story):
        super().__init__(data)
        self.story = story

    def clean_address(self):
        text = self.cleaned_data["address"].strip()
        programme = self.story.programme_id
        for model in (Opportunity, Story):
            if found := model.objects.filter(programme=programme, reference=text.upper()).first():
                return found.get_absolute_url()
        URLValidator(schemes=["http", "https"], message="Enter an address that begins with https://, or a reference")(
            text
        )
        return text


class PartsForm(forms.Form):
    """What a story is split into: titles, sizes and who gets which criteria."""

    PARTS = 5

    def __init__(self, data, *, story):
        super().__init__(data)
        self.criteria = list(story.criteria.all())
        for number in range(1, self.PARTS + 1):
            self.fields[f"title_{number}"] = forms.CharField(max_length=LONGEST_TITLE, required=False, label="Title")
            self.fields[f"points_{number}"] = forms.TypedChoiceField(
                choices=POINT_CHOICES, coerce=int, empty_value=None, required=False, label="Size"
            )
        for criterion in self.criteria:
            self.fields[f"criterion_{criterion.pk}"] = forms.TypedChoiceField(
                choices=[(n, f"Story {n}") for n in range(1, self.PARTS + 1)], coerce=int, initial=1,
                label=criterion.text,
            )  # fmt: skip
        self.fields["version"] = forms.IntegerField(**HIDDEN_VERSION, initial=story.version)

    def clean(self):
        cleaned = super().clean()
        named = {n for n in range(1, self.PARTS + 1) if cleaned.get(f"title_{n}")}
        if len(named) < 2:
            self.add_error("title_2" if 1 in named else "title_1", "Enter at least two titles")
        for criterion in self.criteria:
            name = f"criterion_{criterion.pk}"
            if len(named) >= 2 and cleaned.get(name) and cleaned[name] not in named:
                self.add_error(name, f"Story {cleaned[name]} has no title. Choose one that has")
        return cleaned

    def parts(self) -> list:
        """(title, points, criteria) of each that has a title."""
        answers = self.cleaned_data
        return [
            (
                answers[f"title_{n}"],
                answers[f"points_{n}"],
                [one.text for one in self.criteria if answers[f"criterion_{one.pk}"] == n],
            )
            for n in range(1, self.PARTS + 1)
            if answers[f"title_{n}"]
        ]

    def rows(self) -> list:
        return [(n, self[f"title_{n}"], self[f"points_{n}"]) for n in range(1, self.PARTS + 1)]

    def lots(self) -> list:
        return [self[f"criterion_{one.pk}"] for one in self.criteria]


class DefinitionsForm(forms.Form):
    ready = forms.CharField(
        label="Definition of Ready",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7, "data-draft": ""}),
        help_text="One line each. Shown where a story is marked as ready",
    )
    done = forms.CharField(
        label="Definition of Done",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7, "data-draft": ""}),
        help_text="One line each. Shown where a story is signed off",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class DeputyForm(forms.Form):
    membership = forms.ModelChoiceField(
        None, label="Who", empty_label="Choose somebody of the team", error_messages={"required": "Choose who"}
    )
    starts_on = day("First day", "Enter the first day")
    ends_on = day("Last day", "Enter the last day")

    def __init__(self, data, *, team):
        super().__init__(data)
        members = team.memberships.current().by_name()
        self.fields["membership"].queryset = members
        self.fields["membership"].label_from_instance = lambda one: one.user.name
