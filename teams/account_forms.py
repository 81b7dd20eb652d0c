"""What people say about themselves."""

from django import forms
from django.core.exceptions import ValidationError

from teams import first_start
from teams.forms import day, reference_letters, words
from teams.models.user import Weekday
from teams.permissions import TEAM_ROLES, Role


def own_name(hint=""):
    autocomplete = forms.TextInput(attrs={"autocomplete": "name"})
    return words("Your name", 100, "Enter your name", hint, widget=autocomplete)


def new_password(least="At least 12 characters, or 15 for administrators"):
    return forms.CharField(
        label="Choose a password",
        strip=False,
        help_text=f"{least}. Three random words make a good one",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )


class NewcomerForm(forms.Form):
    name = own_name("As your colleagues know you")
    password = new_password()


class NameForm(forms.Form):
    name = own_name("As your colleagues know you. What you did under another name keeps that name")


class AbsenceForm(forms.Form):
    starts_on = day("First day away", "Enter the first day")
    ends_on = day("Last day away", "Enter the last day")


class WeekdaysForm(forms.Form):
    works_on = forms.TypedMultipleChoiceField(
        label="Which days do you work on?",
        choices=Weekday.choices,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one day"},
    )


class CloseForm(forms.Form):
    sure = forms.BooleanField(
        label="I want my account closed", error_messages={"required": "Tick that you want your account closed"}
    )


class FirstStartForm(forms.Form):
    """Who administers, and the first programme and team."""

    name = own_name()
    email = forms.EmailField(
        label="Your email address",
        help_text="You sign in with it",
        error_messages={"required": "Enter your email address"},
    )
    password = new_password("At least 15 characters, because this account administers a programme")
    organisation = words(
        "Organisation", 100, "Enter the name of your organisation", "For example, Ambleford City Council"
    )
    programme = words("Programme", 100, "Enter the name of the programme", "For example, Customer Service Programme")
    team = words("First team", 60, "Enter the name of the first team", "For example, Housing")
    prefix = reference_letters()
    role = forms.ChoiceField(
        label="Your role in this team",
        choices=[*((role.value, role.label) for role in TEAM_ROLES), ("", "None: I only administer")],
        required=False,
        initial=Role.PRODUCT_OWNER,
    )

    def clean_prefix(self):
        return self.cleaned_data["prefix"].upper()

    def begin(self):
        """The administrator, or None with the reasons on the form."""
        answers = {name: answer for name, answer in self.cleaned_data.items() if name != "code"}
        try:
            return first_start.begin(**answers)
        except ValidationError as problem:
            self.add_error(None, problem)


class SetupForm(FirstStartForm):
    """On the page, which anybody can open: only who can read what the start printed may go on."""

    code = words(
        "One-time code",
        60,
        "Enter the one-time code",
        "It was printed where the product was started",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ["code"]
