"""What people may send about opportunities. Forms clean input; the rules are the models'."""

from django import forms
from django.db.models import Q

from backlog import scoring
from backlog.imports.fields import MOST_PEOPLE
from backlog.journey_forms import tell_stages_apart
from backlog.models import Comment, Opportunity, SavedView, Stage, State
from teams.forms import in_our_time

VALUE_CHOICES = [("", "? not yet known"), *((n, f"{n} {word}") for n, word in scoring.VALUES.items())]
SIZE_CHOICES = [("", "? not yet known"), *scoring.SIZES.items()]


class ScoreForm(forms.Form):
    value = forms.TypedChoiceField(choices=VALUE_CHOICES, coerce=int, empty_value=None, required=False)
    size = forms.TypedChoiceField(choices=SIZE_CHOICES, coerce=int, empty_value=None, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data, *, opportunity, may_set_value, proposed=None):
        """`proposed` is a value that somebody would give it: chosen for a start, and saved by whoever agrees."""
        initial = {"value": proposed or opportunity.value, "size": opportunity.size, "version": opportunity.version}
        super().__init__(data, initial=initial)
        if not may_set_value:
            del self.fields["value"]

    def answers(self, opportunity):
        """(value, size): what the person may not set stays as it is."""
        return self.cleaned_data.get("value", opportunity.value), self.cleaned_data["size"]


class OpportunityForm(forms.ModelForm):
    """The words and facts of an opportunity; used to add one and to edit one."""

    class Meta:
        model = Opportunity
        fields = [
            "title",
            "recommendation",
            "description",
            "stage",
            "themes",
            "services",
            "evidence_note",
            "earlier_participants",
            "earlier_reference",
            "must_do",
            "must_do_reason",
        ]
        labels = {
            "evidence_note": "Evidence",
            "must_do": "Is it a must-do?",
            "must_do_reason": "Why it must be done",
            "stage": "Journey stage",
        }
        help_texts = {
            "title": "The need, pain point or desire in one sentence, without a solution",
            "recommendation": "What you would do about it, in one line",
            "evidence_note": "What was seen or heard, and where. Do not name research participants",
            "must_do_reason": "The law, the danger or the date",
        }
        widgets = {
            "must_do": forms.RadioSelect,
            "themes": forms.CheckboxSelectMultiple,
            "services": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 4, "data-draft": ""}),
            "evidence_note": forms.Textarea(attrs={"rows": 3, "data-draft": ""}),
        }

    earlier_participants = forms.IntegerField(
        label="Participants in earlier research",
        min_value=0,
        max_value=MOST_PEOPLE,
        initial=0,
        help_text="A number of people, from reports that came before this backlog",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**31 - 1)

    def __init__(self, *args, team, **kwargs):
        super().__init__(*args, **kwargs)
        programme = team.programme
        offered = Q(journey__archived_at=None) | Q(pk=self.instance.stage_id)  # its own stays, wherever it stands
        stages = Stage.objects.filter(offered, journey__team=team).select_related("journey")
        self.fields["stage"].queryset = stages.order_by("journey__name", "position")
        self.fields["stage"].empty_label = "Not placed yet"
        tell_stages_apart(self.fields["stage"])
        self.fields["themes"].queryset = programme.themes.filter(archived_at=None)
        self.fields["services"].queryset = programme.services.filter(archived_at=None)
        self.fields["version"].initial = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("must_do") and not cleaned.get("must_do_reason"):
            self.add_error("must_do_reason", "Say why it must be done: the law, the danger or the date")
        if not cleaned.get("must_do"):
            cleaned["must_do_reason"] = ""
        return cleaned

    def facts(self) -> dict:
        """What `Opportunity.objects.add` and `opportunity.edit` take."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class OutcomeForm(forms.Form):
    """One of the five outcomes of a review, with what each needs."""

    outcome = forms.ChoiceField(
        choices=[
            (State.TAKE_FORWARD, "Take forward"),
            (State.PARKED, "Park"),
            (State.WONT_DO, "Won’t do"),
            (State.MERGED, "Merge"),
            (State.NEEDS_EVIDENCE, "Needs evidence"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose an outcome"},
    )
    reason = forms.CharField(
        max_length=300, required=False, help_text="Needed for Park, Won’t do and Needs evidence (the open question)"
    )
    until = forms.DateField(
        label="Look at it again on",
        required=False,
        help_text="For Park, such as 27 3 2027",
        validators=[in_our_time],
    )
    into = forms.CharField(
        label="Merge into", max_length=20, required=False, help_text="For Merge: a reference, such as HOU-1"
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def clean_into(self):
        return self.cleaned_data["into"].strip().upper()


class MoveForm(forms.Form):
    to = forms.ChoiceField(
        choices=[
            ("top", "Top"),
            ("up", "Up one"),
            ("down", "Down one"),
            ("bottom", "Bottom"),
            ("place", "A place in the list"),
            ("before", "Above another opportunity"),
            ("after", "Below another opportunity"),
        ],
        widget=forms.RadioSelect,
        label="Move it to",
        error_messages={"required": "Choose where to move it"},
    )
    place = forms.IntegerField(min_value=1, max_value=1_000_000, required=False, label="Place, counted from 1")
    other = forms.CharField(max_length=20, required=False, label="Reference")

    def __init__(self, data, *, team):
        super().__init__(data)
        self.such_as = f"such as {team.prefix}-17"
        self.fields["other"].label = f"Reference, {self.such_as}"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("to") == "place" and not cleaned.get("place") and "place" not in self.errors:
            self.add_error("place", "Enter a place in the list, such as 4")
        side = {"before": "above", "after": "below"}.get(cleaned.get("to"))
        if side and not cleaned.get("other"):
            self.add_error("other", f"Enter the reference it should stand {side}, {self.such_as}")
        return cleaned

    def clean_other(self):
        return self.cleaned_data["other"].strip().upper()


class CommentForm(forms.ModelForm):
    class Meta:
        model = Comment
        fields = ["text"]
        labels = {"text": "Your comment"}
        help_texts = {"text": "Do not name research participants or customers"}
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "data-draft": ""})}
        error_messages = {"text": {"required": "Enter a comment"}}


class SavedViewForm(forms.ModelForm):
    class Meta:
        model = SavedView
        fields = ["name", "query"]
        labels = {"name": "Name of this view"}
        widgets = {"query": forms.HiddenInput}


class BulkForm(forms.Form):
    """What still has to be asked before several opportunities are changed together; nothing for most acts."""

    def __init__(self, data, *, act, team):
        super().__init__(data)
        if act == "theme":
            themes = team.programme.themes.filter(archived_at=None)
            self.fields["theme"] = forms.ModelChoiceField(
                themes, empty_label="Choose a theme", error_messages={"required": "Choose a theme"}
            )
        elif act == "stage":
            stages = Stage.objects.filter(journey__team=team, journey__archived_at=None).select_related("journey")
            self.fields["stage"] = forms.ModelChoiceField(
                stages.order_by("journey__name", "position"),
                empty_label="Choose a stage",
                error_messages={"required": "Choose a stage"},
            )
            tell_stages_apart(self.fields["stage"])
        elif act == "park":
            self.fields["reason"] = forms.CharField(max_length=300, error_messages={"required": "Say why"})
            self.fields["until"] = forms.DateField(
                label="Look at them again on",
                error_messages={"required": "Enter a date, such as 27 3 2027"},
                validators=[in_our_time],
            )
