"""What people may send about research. Forms clean input; the rules are the models'."""

from django import forms

from backlog.models import AccessNeed
from research.models import AgeBand, Kind, Participant, Round, Session
from research.models.observation import LONGEST, MOST_LINES, read_lines
from research.models.session import MOST_PEOPLE
from teams.forms import in_our_time
from teams.models import Membership, User
from teams.privacy import warning

BIGGEST = 2**31 - 1
CODES_ONLY = "No names, contact details, addresses or dates of birth: participants are codes here"


def version_field():
    return forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=BIGGEST)


def checked_field():
    """Ticked by somebody who was asked whether the text could tell who a participant is."""
    return forms.BooleanField(
        label="I have checked: nobody can be recognised", required=False, widget=forms.HiddenInput
    )


def ask_before_saving(form, *names):
    """Ask once whether what looks like personal data is any. It warns and never blocks."""
    seen = warning(*(form.cleaned_data.get(name) or "" for name in names))
    checked = form.cleaned_data.pop("checked", False)
    if seen and not checked:
        form.fields["checked"].widget = forms.CheckboxInput()
        form.add_error("checked", f"{seen}, or tick that you have checked")


class RoundForm(forms.ModelForm):
    class Meta:
        model = Round
        fields = ["name", "questions", "method", "groups", "sheet_version", "sensitive", "delete_by"]
        help_texts = {
            "name": "Such as “Round 1: new tenants”",
            "groups": "One on each line, such as “New tenant”. The page then says from whom you have not heard yet",
            "sheet_version": "What participants read before they agree, such as “v3, May 2026”",
            "sensitive": "Bereavement, abuse, debt and the like: nobody’s words are shared beyond the team",
            "delete_by": "Notes and participants are deleted on this day. Left empty, it is 12 months after the last "
            "session once fieldwork starts",
        }
        widgets = {"questions": forms.Textarea(attrs={"rows": 5}), "groups": forms.Textarea(attrs={"rows": 4})}

    version = version_field()

    def __init__(self, data=None, *, initial=None):
        super().__init__(data, initial={"version": 1, **(initial or {})})

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class ParticipantForm(forms.Form):
    """What only the researcher sees of somebody."""

    user_group = forms.ChoiceField(required=False)
    access_needs = forms.MultipleChoiceField(
        choices=AccessNeed, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Only the researcher sees this. Others see how many participants of the round have a need",
    )  # fmt: skip
    assisted_digital = forms.BooleanField(label="Needs help to get online", required=False)
    age_band = forms.ChoiceField(label="Age", choices=[("", "Not asked"), *AgeBand.choices], required=False)
    version = version_field()

    def __init__(self, data=None, *, initial=None, round_):
        super().__init__(data, initial={"version": 1, **(initial or {})})
        named = round_.wanted_groups
        used = round_.participants.exclude(user_group="").values_list("user_group", flat=True).distinct()
        names = named + sorted(set(used) - set(named))
        self.fields["user_group"].choices = [("", "Not said"), *((name, name) for name in names)]


class SessionForm(forms.ModelForm):
    """When and how, and who takes notes."""

    class Meta:
        model = Session
        fields = ["starts_at", "how_met", "place", "people", "note_takers"]
        labels = {"place": "Where"}
        help_texts = {
            "place": "A kind of place, such as “library”. Never an address",
            "note_takers": "They may read and write the notes of this session",
        }
        widgets = {"note_takers": forms.CheckboxSelectMultiple}

    starts_at = forms.DateTimeField(
        label="Date and time",
        help_text="Such as 27/3/2027 14:00",
        error_messages={"invalid": "Enter the date and time as numbers, such as 27/3/2027 14:00"},
        widget=forms.DateTimeInput(format="%d/%m/%Y %H:%M"),
        validators=[in_our_time],
    )
    people = forms.IntegerField(
        label="How many people", required=False, initial=1, min_value=1, max_value=MOST_PEOPLE,
        help_text="More than one for a group: they share a code, and everybody has to agree before you begin",
    )  # fmt: skip
    version = version_field()
    checked = checked_field()

    def __init__(self, data=None, *, initial=None, round_):
        super().__init__(data, initial={"version": 1, **(initial or {})})
        people = User.objects.filter(memberships__in=Membership.objects.current().filter(team=round_.team))
        self.fields["note_takers"].queryset = people.order_by("name")

    def clean_people(self):
        return self.cleaned_data["people"] or self.initial.get("people", 1)

    def clean(self):
        cleaned = super().clean()
        ask_before_saving(self, "place")
        return cleaned

    def facts(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class PlanForm(SessionForm):
    """A session that is new: who the participant is goes with it, to be seen on a page of its own afterwards."""

    def __init__(self, data=None, *, round_):
        super().__init__(data, round_=round_)
        about = ParticipantForm(round_=round_)
        self.fields |= {name: about.fields[name] for name in Participant.ABOUT}
        self.order_fields([*self.Meta.fields, *Participant.ABOUT])


class LinesForm(forms.Form):
    """One observation a line; fast enough to be typed while somebody talks."""

    lines = forms.CharField(
        label="What you see and hear", max_length=LONGEST * MOST_LINES, strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-lines": ""}),
        error_messages={"required": "Write at least one line"},
    )  # fmt: skip
    kind = forms.ChoiceField(label="Lines without a sign are", choices=Kind, initial=Kind.SAID)
    checked = checked_field()

    def clean(self):
        cleaned = super().clean()
        read = read_lines(cleaned.get("lines") or "", cleaned.get("kind") or Kind.SAID)
        if not read and "lines" not in self.errors:
            self.add_error("lines", "Write at least one line")
        if len(read) > MOST_LINES:
            self.add_error("lines", f"Send at most {MOST_LINES} lines at a time. These are {len(read)}")
        if any(len(text) > LONGEST for _, text in read):
            self.add_error("lines", f"A line has at most {LONGEST} characters: one thing seen or heard in each")
        cleaned["read"] = read
        ask_before_saving(self, "lines")
        return cleaned


class ObservationForm(forms.Form):
    kind = forms.ChoiceField(choices=Kind, widget=forms.RadioSelect)
    text = forms.CharField(
        label="What was seen or heard",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=CODES_ONLY,
    )
    version = version_field()
    checked = checked_field()

    def __init__(self, data=None, *, initial=None):
        super().__init__(data, initial=initial)

    def clean(self):
        cleaned = super().clean()
        ask_before_saving(self, "text")
        return cleaned
