"""What people may send about their team's digest."""

import datetime as dt

from django import forms
from django.utils import timezone

from teams.forms import Versioned, day

FURTHEST = dt.timedelta(days=366)


class DayForm(forms.Form):
    on = day("Day", "Enter a day")

    def clean_on(self):
        on = self.cleaned_data["on"]
        if abs(on - timezone.localdate()) > FURTHEST:
            raise forms.ValidationError("Enter a day within a year from today")
        return on


class BeforeForm(forms.Form):
    """Where the next page of the log begins. Anything else than a day is the first page."""

    before = forms.DateField()


class DigestSettingsForm(Versioned):
    send_at = forms.TimeField(
        label="Time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Between 6:00am and 10:00am, and at least 15 minutes before the stand-up",
        error_messages={"required": "Enter a time, like 8:30", "invalid": "Enter a time, like 8:30"},
    )
    is_on = forms.TypedChoiceField(
        label="Send it",
        choices=[("True", "Each working morning on which there is something to say"), ("False", "Never")],
        coerce=lambda answer: answer == "True",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether to send it"},
    )
