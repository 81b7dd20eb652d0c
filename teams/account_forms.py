"""What people say about themselves."""

from django import forms

from teams.permissions import TEAM_ROLES, Role


class NewcomerForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=100,
        help_text="As your colleagues know you",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 12 characters. Three random words make a good one",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )


class NameForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=100,
        help_text="As your colleagues know you. What you did under another name keeps that name",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )


class AbsenceForm(forms.Form):
    starts_on = forms.DateField(
        label="First day away",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the first day", "invalid": "Enter the first day as a date, like 23/11/2026"},
    )
    ends_on = forms.DateField(
        label="Last day away",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "Enter the last day", "invalid": "Enter the last day as a date, like 27/11/2026"},
    )


class CloseForm(forms.Form):
    sure = forms.BooleanField(
        label="I want my account closed", error_messages={"required": "Tick that you want your account closed"}
    )


class SetupForm(forms.Form):
    """The first start: who administers, and the first programme and team."""

    code = forms.CharField(
        label="One-time code",
        max_length=60,
        help_text="It was printed where the product was started",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the one-time code"},
    )
    name = forms.CharField(label="Your name", max_length=100, error_messages={"required": "Enter your name"})
    email = forms.EmailField(
        label="Your email address",
        help_text="You sign in with it",
        error_messages={"required": "Enter your email address"},
    )
    password = forms.CharField(
        label="Choose a password",
        strip=False,
        help_text="At least 12 characters. Three random words make a good one",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Enter a password"},
    )
    organisation = forms.CharField(
        label="Organisation",
        max_length=100,
        help_text="For example, Ambleford City Council",
        error_messages={"required": "Enter the name of your organisation"},
    )
    programme = forms.CharField(
        label="Programme",
        max_length=100,
        help_text="For example, Customer Service Programme",
        error_messages={"required": "Enter the name of the programme"},
    )
    team = forms.CharField(
        label="First team",
        max_length=60,
        help_text="For example, Housing",
        error_messages={"required": "Enter the name of the first team"},
    )
    prefix = forms.CharField(
        label="Reference prefix of the team",
        max_length=5,
        help_text="2 to 5 capital letters. References begin with it, like HOU-17. It cannot be changed later",
        error_messages={"required": "Enter a reference prefix"},
    )
    role = forms.ChoiceField(
        label="Your role in this team",
        choices=[*((role.value, role.label) for role in TEAM_ROLES), ("", "None: I only administer")],
        required=False,
        initial=Role.PRODUCT_OWNER,
    )

    def clean_prefix(self):
        return self.cleaned_data["prefix"].upper()
