"""What people may send about programmes, teams and people. Forms clean input; the rules are the models'."""

import datetime as dt

from django import forms
from django.core.validators import RegexValidator
from django.utils.text import slugify

from teams.models import Phase
from teams.models.membership import Discipline
from teams.models.team import Division
from teams.permissions import TEAM_ROLES, Role

MOST_NAMES = 50
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2100, 1, 1)
TEAM_ROLE_CHOICES = [(role.value, role.label) for role in TEAM_ROLES]


class Versioned(forms.Form):
    """Knows which text it was made from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


def words(label, most, missing, hint="", **more):
    return forms.CharField(label=label, max_length=most, help_text=hint, error_messages={"required": missing}, **more)


def day(label, missing="", hint=""):
    """A date that a calendar of our time holds."""
    field = forms.DateField(
        label=label,
        required=bool(missing),
        help_text=hint,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": missing, "invalid": "Enter a real date, like 23 November 2026"},
    )
    field.validators.append(in_our_time)
    return field


def reference_letters():
    """A team’s prefix. No longest length of the field’s own, or a long one would be told two mistakes."""
    return forms.CharField(
        label="Letters before reference numbers",
        help_text="2 to 5 letters, like HOU for HOU-17. They cannot be changed later",
        validators=[RegexValidator(r"^[A-Za-z]{2,5}\Z", "Enter 2 to 5 letters, like HOU")],
        error_messages={"required": "Enter 2 to 5 letters, like HOU"},
    )


def in_our_time(day):
    """Beyond it a calendar cannot reckon, so one such day would stop whatever counts from it."""
    date = day.date() if isinstance(day, dt.datetime) else day
    if not EARLIEST <= date < LATEST:
        raise forms.ValidationError("Enter a date between 2000 and 2099")


class ProgrammeForm(Versioned):
    name = words("Name of the programme", 100, "Enter the name of the programme")
    organisation = words(
        "Organisation", 100, "Enter the name of the organisation", "It stands at the top of every page"
    )
    retention_months = forms.IntegerField(
        label="Keep research for at most, in months",
        min_value=1,
        max_value=120,
        help_text="No research round may be kept longer. 1 to 120",
        error_messages={"required": "Enter a number of months, 1 to 120"},
    )


class NameForm(Versioned):
    name = words("Name", 100, "Enter a name")


class NamesForm(forms.Form):
    """A strategy has six themes and a council a dozen services: nobody should open a page for each."""

    names = forms.CharField(
        label="One name on each line",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Enter a name"},
    )

    def clean_names(self):
        names = [name for line in self.cleaned_data["names"].splitlines() if (name := line.strip())]
        if len(names) > MOST_NAMES:
            raise forms.ValidationError(f"Enter {MOST_NAMES} names at most; these are {len(names)}")
        for number, name in enumerate(names, 1):
            if len(name) > 100:
                raise forms.ValidationError(f"Line {number} has more than 100 characters")
        return names


class TeamForm(Versioned):
    """What a team’s delivery manager may change. Its address and prefix stay: they stand in letters and minutes."""

    name = words("Name of the team", 60, "Enter the name of the team", "What people call the workstream, like Housing")
    lead_service = forms.ModelChoiceField(
        queryset=None, required=False, empty_label="None", help_text="The service the work is mostly about"
    )
    standup_at = forms.TimeField(
        label="Stand-up time",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "Enter a time, like 9:15", "invalid": "Enter a time, like 9:15"},
    )
    division = forms.ChoiceField(label="Bank holidays", choices=Division, help_text="Whose days off the team has")

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["lead_service"].queryset = programme.services.in_use()


class NewTeamForm(TeamForm):
    version = None
    slug = words(
        "Address",
        60,
        "",
        "The team’s pages begin with /teams/ and this. Empty: made from the name. It cannot be changed later",
        required=False,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use small letters, digits and single hyphens")],
    )
    prefix = reference_letters()
    phase = forms.ChoiceField(choices=Phase, initial=Phase.DISCOVERY)
    field_order = ["name", "slug", "prefix", "lead_service", "phase", "division", "standup_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["standup_at"].initial = dt.time(9, 30)

    def clean_prefix(self):
        return self.cleaned_data["prefix"].upper()

    def clean(self):
        answers = super().clean()
        if not self.errors and not answers["slug"]:
            answers["slug"] = slugify(answers["name"])
            if not answers["slug"]:
                self.add_error("slug", "Enter an address in small letters: it cannot be made from this name")
        return answers


class PhaseForm(forms.Form):
    phase = forms.ChoiceField(choices=Phase, widget=forms.RadioSelect)
    started_on = day("Since", "Enter the day the phase started")
    target_end_on = day("Estimated end", hint="An estimate, shown as one. Leave it empty when there is none")


class ClosureForm(forms.Form):
    starts_on = day("First day", "Enter the first day the team is closed")
    ends_on = day("Last day", "Enter the last day the team is closed")
    reason = words("Reason", 100, "Enter a reason, like the office move", "Everyone in the team reads it")


class InviteForm(forms.Form):
    """Common to both places that people are asked into."""

    name = words("Name", 100, "Enter the person’s name")
    email = forms.EmailField(
        label="Email address",
        max_length=254,
        error_messages={
            "required": "Enter an email address",
            "invalid": "Enter an email address in the right form, like name@example.gov.uk",
        },
    )


class InviteToTeamForm(InviteForm):
    role = forms.ChoiceField(choices=TEAM_ROLE_CHOICES, initial=Role.MEMBER, widget=forms.RadioSelect)
    discipline = forms.ChoiceField(choices=Discipline, initial=Discipline.OTHER)


class InviteToProgrammeForm(InviteForm):
    role = forms.ChoiceField(
        choices=[
            (Role.SERVICE_LEAD.value, "Service lead: reads the programme backlog, joins reviews they are invited to"),
            (Role.ADMIN.value, "Administrator: looks after people, teams and settings, sees no backlog"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose service lead or administrator"},
    )
    service = forms.ModelChoiceField(
        queryset=None, required=False, empty_label="None", help_text="For a service lead: the one they run"
    )

    def __init__(self, *args, programme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = programme.services.in_use()

    def clean(self):
        answers = super().clean()
        leads = answers.get("role") == Role.SERVICE_LEAD
        if leads and not answers.get("service") and "service" not in self.errors:
            self.add_error("service", "Choose the service they lead")
        return answers | {"service": answers.get("service") if leads else None}


class HandOverForm(forms.Form):
    """Asked when the only product owner goes: who decides from now on?"""

    successor = forms.ModelChoiceField(
        label="Who takes over as product owner", queryset=None, required=False, empty_label="Nobody yet"
    )
    without_owner = forms.BooleanField(
        label="The team goes on without a product owner for now",
        required=False,
        help_text="Nobody can then decide outcomes or put the backlog in order",
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        if membership.is_last_product_owner:
            others = membership.team.memberships.current().exclude(pk=membership.pk)
            self.fields["successor"].queryset = others.by_name()
            self.fields["successor"].label_from_instance = lambda one: f"{one.user}, {one.get_role_display()}"
        else:
            del self.fields["successor"], self.fields["without_owner"]


class MembershipForm(HandOverForm, Versioned):
    role = forms.ChoiceField(choices=TEAM_ROLE_CHOICES, widget=forms.RadioSelect)
    discipline = forms.ChoiceField(choices=Discipline)
    field_order = ["version", "role", "discipline", "successor", "without_owner"]
