"""What people may send about findings, and about what comes of them."""

from django import forms
from django.db.models import Q

from backlog.journey_forms import tell_stages_apart
from backlog.models import Opportunity, Stage, Story, Touchpoint
from research.forms import ask_before_saving, checked_field, version_field
from research.models import Finding, Kind

NO_QUOTES = "In your own words: it is read long after the notes are deleted, so it quotes nobody"


def stages_in_use(team):
    """Of its journeys that are not archived, in their order."""
    return Stage.objects.filter(journey__team=team, journey__archived_at=None).order_by("journey__name", "position")


class FindingForm(forms.ModelForm):
    class Meta:
        model = Finding
        fields = ["statement", "kind", "severity", "stage", "touchpoint", "detail"]
        help_texts = {"statement": f"One sentence, without a solution. {NO_QUOTES}"}
        widgets = {"kind": forms.RadioSelect, "detail": forms.Textarea(attrs={"rows": 4, "data-draft": ""})}

    version = version_field()
    checked = checked_field()

    def __init__(self, data=None, *, initial=None, team):
        super().__init__(data, initial={"version": 1, **(initial or {})})
        own = Q(journey__archived_at=None) | Q(pk=self.initial.get("stage"))
        stages = Stage.objects.filter(own, journey__team=team).select_related("journey")
        self.fields["stage"].queryset = stages.order_by("journey__name", "position")
        tell_stages_apart(self.fields["stage"])
        touchpoints = Touchpoint.objects.filter(stage__in=stages.values("pk")).select_related("stage__journey")
        in_order = touchpoints.order_by("stage__journey__name", "stage__position", "position")
        self.fields["touchpoint"].queryset = in_order
        name_of_stage = self.fields["stage"].label_from_instance
        self.fields["touchpoint"].label_from_instance = lambda one: f"{name_of_stage(one.stage)}: {one}"
        for name in ("stage", "touchpoint"):
            self.fields[name].empty_label = "Not placed yet"
        self.fields["severity"].choices = [("", "Not said"), *self.fields["severity"].choices[1:]]

    def clean(self):
        cleaned = super().clean()
        stage, touchpoint = cleaned.get("stage"), cleaned.get("touchpoint")
        if touchpoint and stage and touchpoint.stage_id != stage.pk:
            self.add_error("touchpoint", f"Choose a touchpoint of the stage {stage}")
        elif touchpoint:
            cleaned["stage"] = touchpoint.stage
        ask_before_saving(self, "statement", "detail")
        return cleaned

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class GroupForm(forms.Form):
    """Observations that belong together: into a finding there is, or into a new one."""

    pick = forms.ModelMultipleChoiceField(None, error_messages={"required": "Select at least one observation"})
    finding = forms.ModelChoiceField(None, required=False, empty_label="A new finding")
    statement = forms.CharField(label="What we learned, in one sentence", max_length=200, required=False)
    checked = checked_field()

    def __init__(self, data=None, *, observations, findings):
        super().__init__(data)
        self.fields["pick"].queryset = observations
        self.fields["finding"].queryset = findings

    def offer(self, findings):
        """Those that the page has read already: the form would ask for them anew."""
        finding = self.fields["finding"]
        finding.choices = [("", finding.empty_label), *((one.pk, one.statement) for one in findings)]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("finding") and not cleaned.get("statement") and "finding" not in self.errors:
            self.add_error("statement", "Choose a finding, or say in one sentence what a new one is")
        ask_before_saving(self, "statement")
        return cleaned


class SplitForm(forms.Form):
    pick = forms.ModelMultipleChoiceField(None, error_messages={"required": "Select what belongs to the new finding"})
    statement = forms.CharField(label="What the new finding says", max_length=200)
    checked = checked_field()

    def __init__(self, data=None, *, observations):
        super().__init__(data)
        self.fields["pick"].queryset = observations

    def clean(self):
        cleaned = super().clean()
        ask_before_saving(self, "statement")
        return cleaned


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(
        None, label="Merge it into", empty_label="Choose a finding", error_messages={"required": "Choose a finding"}
    )

    def __init__(self, data=None, *, findings):
        super().__init__(data)
        self.fields["into"].queryset = findings


class LinkForm(forms.Form):
    """An opportunity or a story that answers it, by reference."""

    reference = forms.CharField(
        max_length=20, label="Opportunity or story", help_text="A reference, such as HOU-12",
        error_messages={"required": "Enter a reference, such as HOU-12"},
    )  # fmt: skip

    def __init__(self, data=None, *, team, by):
        super().__init__(data)
        self.team, self.by = team, by

    def clean_reference(self):
        reference = self.cleaned_data["reference"].strip().upper()
        which = {"programme": self.team.programme_id, "reference": reference}
        found = Opportunity.objects.known_to(self.by).filter(**which).first()
        found = found or Story.objects.seen_by(self.by).filter(**which).first()
        if found is None:
            raise forms.ValidationError(f"There is no opportunity or story {reference} that you can open")
        return found


class SpawnForm(forms.Form):
    """A story, bug or opportunity with the words carried over, to be said in the team's own."""

    title = forms.CharField(max_length=150, help_text=NO_QUOTES)
    checked = checked_field()

    def clean(self):
        cleaned = super().clean()
        ask_before_saving(self, "title")
        return cleaned


class NotesFilter(forms.Form):
    """What of a round's notes is shown."""

    q = forms.CharField(label="Words", required=False, max_length=200)
    kind = forms.ChoiceField(choices=[("", "All kinds"), *Kind.choices], required=False)
    session = forms.ModelChoiceField(None, required=False, empty_label="All sessions")
    show = forms.ChoiceField(
        choices=[("", "All notes"), ("loose", "Not in a finding"), ("grouped", "In a finding")], required=False
    )

    def __init__(self, data, *, sessions):
        super().__init__(data)
        self.fields["session"].queryset = sessions
        self.fields["session"].label_from_instance = lambda one: one.code

    def narrow(self, observations):
        """Wrong values filter nothing: a link that was shared still opens."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("q"):
            observations = observations.matching(chosen["q"])
        if chosen.get("kind"):
            observations = observations.filter(kind=chosen["kind"])
        if chosen.get("session"):
            observations = observations.filter(session=chosen["session"])
        if chosen.get("show"):
            observations = observations.not_grouped() if chosen["show"] == "loose" else observations.grouped()
        return observations
