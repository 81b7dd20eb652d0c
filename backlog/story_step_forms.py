"""What people may send to take one story further, or several of them together."""

from django import forms

from backlog.forms import MoveForm
from backlog.models import StoryState
from backlog.story_forms import HIDDEN_VERSION, POINT_CHOICES, people_of
from teams.models import User


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
            (state, _step_and_state(step.label, StoryState(state).label)) for state, step in steps.items()
        ]
        self.fields["to"].error_messages["invalid_choice"] = "Choose a step from the list"

    def was_made_for_an_older(self, story):
        return self.cleaned_data.get("version") not in (None, story.version)


def _step_and_state(step, state) -> str:
    return step if step == state else f"{step} ({state})"


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody")
    version = forms.IntegerField(**HIDDEN_VERSION)

    def __init__(self, data, *, story):
        super().__init__(data, initial={"assignee": story.assignee_id, "version": story.version})
        self.fields["assignee"].queryset = people_of(story.team)


class StoryMoveForm(MoveForm):
    def __init__(self, data, *, team):
        super().__init__(data, team=team)
        self.fields["to"].choices = [
            (to, label.replace("opportunity", "story")) for to, label in self.fields["to"].choices
        ]


class StoryBulkForm(forms.Form):
    """What has to be asked before several stories are changed together; nothing before they are moved."""

    def __init__(self, data, *, act, team, states):
        super().__init__(data)
        if act == "state":
            self.fields["to"] = forms.ChoiceField(
                label="Take them to",
                choices=[(state, StoryState(state).label) for state in states],
                widget=forms.RadioSelect,
                error_messages={"required": "Choose where to take them"},
            )
            self.fields["comment"] = forms.CharField(
                max_length=1000,
                required=False,
                help_text="Needed when you return stories or decide that they won’t be done",
            )
        elif act == "assign":
            self.fields["assignee"] = forms.ModelChoiceField(people_of(team), required=False, empty_label="Nobody")
        elif act == "size":
            self.fields["points"] = forms.TypedChoiceField(
                label="Size", choices=POINT_CHOICES, coerce=int, empty_value=None, required=False
            )
