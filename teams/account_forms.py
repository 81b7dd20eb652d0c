"""What people say about themselves."""

from django import forms

from teams.forms import day, words
from teams.models.user import Weekday
from teams.permissions import TEAM_ROLES, Role


def own_name(hint=""):
    autocomplete = forms.TextInput(attrs={"autocomplete": "name"})
    return words("Your name", 100, "Enter your name", hint, widget=autocomplete)


def new_password():
    return forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 12 characters, or 15 for administrators. Three random words make a good one",
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


class SetupForm(forms.Form):
    """The first start: who administers, and the first programme and team."""

    code = words(
        "One-time code",
        60,
        "Enter the one-time code",
        "It was printed where the product was started",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = own_name()
    email = forms.EmailField(
        label="Your email address",
        help_text="You sign in with it",
        error_messages={"required": "Enter your email address"},
    )
    password = new_password()
    organisation = words(
        "Organisation", 100, "Enter the name of your organisation", "For example, Ambleford City Council"
    )
    programme = words("Programme", 100, "Enter the name of the programme", "For example, Customer Service Programme")
    team = words("First team", 60, "Enter the name of the first team", "For example, Housing")
    prefix = words(
        "Reference prefix of the team",
        5,
        "Enter a reference prefix",
        "2 to 5 capital letters. References begin with it, like HOU-17. It cannot be changed later",
    )
    role = forms.ChoiceField(
        label="Your role in this team",
        choices=[*((role.value, role.label) for role in TEAM_ROLES), ("", "None: I only administer")],
        required=False,
        initial=Role.PRODUCT_OWNER,
    )

    def clean_prefix(self):
        return self.cleaned_data["prefix"].upper()
