"""What people may send about consent and about how long data is kept. Forms clean input; the rules are the models'."""

from django import forms
from django.utils import timezone

from research.forms import ask_before_saving, checked_field, version_field
from research.models import HOW, Consent, Longer, Scope
from teams.forms import in_our_time


class ConsentForm(forms.Form):
    status = forms.ChoiceField(
        label="Consent",
        choices=[(one.value, one.label) for one in (Consent.GIVEN, Consent.DECLINED, Consent.NOT_RECORDED)],
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label="Given on", required=False, initial=timezone.localdate, validators=[in_our_time])
    how = forms.ChoiceField(label="How it was given", choices=HOW, widget=forms.RadioSelect, required=False)
    scopes = forms.MultipleChoiceField(
        label="They agreed to", choices=Scope, widget=forms.CheckboxSelectMultiple, required=False
    )
    sheet = forms.CharField(label="Version of the information sheet they read", max_length=50, required=False)
    kept = forms.CharField(
        label="Where the form is kept", max_length=200, required=False,
        help_text="A reference only. The form holds a name, so it is never stored here",
    )  # fmt: skip
    version = version_field()
    checked = checked_field()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("status") == Consent.GIVEN:
            asked = {"on": "the day", "how": "how it was given", "scopes": "what they agreed to"}
            for name, words in asked.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, f"Say {words}")
        ask_before_saving(self, "kept", "sheet")
        return cleaned

    def answers(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("status", "on", "how", "scopes", "sheet", "kept")}


class LongerForm(forms.ModelForm):
    until = forms.DateField(label="Keep it until", help_text="Such as 27/3/2029", validators=[in_our_time])

    class Meta:
        model = Longer
        fields = ["until", "why"]
        help_texts = {
            "why": "The administrator reads this, so name nobody. Participants were told a date when they agreed: say "
            "whether they know",
        }
        widgets = {"why": forms.Textarea(attrs={"rows": 4})}

    def _post_clean(self):
        """Validate without touching the instance: the model's verbs write it."""


class EraseForm(forms.Form):
    """Everybody of a round, or one of them. Nothing is chosen beforehand."""

    whose = forms.ChoiceField(label="Whose data", error_messages={"required": "Choose whose data is deleted"})

    def __init__(self, data=None, *, sessions):
        super().__init__(data)
        self.sessions = {str(one.pk): one for one in sessions.order_by("pk")}
        codes = [(pk, f"{one.code}, who has changed their mind") for pk, one in self.sessions.items()]
        self.fields["whose"].choices = [("", "Choose"), ("all", "Everybody’s: the whole round"), *codes]

    def clean(self):
        cleaned = super().clean()
        return cleaned | {"session": self.sessions.get(cleaned.get("whose"))}
