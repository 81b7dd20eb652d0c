"""What a review session is told. Forms clean input; the rules are the models'."""

from django import forms
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from backlog import scoring
from backlog.models import Decision, Opportunity, State
from backlog.models.review_rows import RECORDERS
from teams.forms import in_our_time
from teams.models import Membership, ServiceLead, Team, Theme, User
from teams.models.idempotency import fresh_key

VALUES = [("", "Not yet known"), *scoring.VALUES.items()]
SIZES = [("", "Not yet known"), *scoring.SIZES.items()]
OUTCOMES = [
    (State.TAKE_FORWARD, "Take forward"),
    (State.PARKED, "Park"),
    (State.WONT_DO, "Won’t do"),
    (State.MERGED, "Merge"),
    (State.NEEDS_EVIDENCE, "Needs evidence"),
]
TYPED = ["title", "recommendation", "value", "size", "outcome", "reason", "until", "question", "into"]


def scale(choices):
    return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, required=False)


def with_services(person):
    """Somebody's name and the services they lead, for several people know only those."""
    return ", ".join([person.name, *(lead.service.name for lead in person.led_services.all())])


class People(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, person):
        return with_services(person)


class PrepareForm(forms.Form):
    name = forms.CharField(
        max_length=100, label="Name of the review", error_messages={"required": "Enter a name for the review"}
    )
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label="Whose opportunities",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one team"},
    )
    attendees = People(
        User.objects.none(),
        label="Who is invited",
        required=False,
        help_text="The team can always follow. Service leads can only follow, and propose values, when invited",
    )
    minutes = forms.IntegerField(
        min_value=5,
        max_value=480,
        required=False,
        label="Time box in minutes",
        help_text="Plan 2 to 3 minutes for each opportunity. Nothing stops when the time is up",
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data, *, team, by):
        today = timezone.localdate()
        name = f"{team.name} review, {today.day} {today:%B}"
        super().__init__(data, initial={"name": name, "teams": [team.pk], "key": fresh_key()})
        own = by.memberships.current().filter(role__in=RECORDERS, team__programme=team.programme_id)
        self.team = team
        self.fields["teams"].queryset = Team.objects.in_use().filter(pk__in=own.values("team"))
        self.fields["attendees"].queryset = people_of(team.programme, own.values("team")).exclude(pk=by.pk)

    def clean_teams(self):
        teams = self.cleaned_data["teams"]
        if self.team not in teams:
            raise forms.ValidationError(f"Choose {self.team} as well: the review stands in its pages")
        return teams


def people_of(programme, teams):
    """Those who can be invited: members of the teams, and everyone who leads a service of the programme."""
    members = Membership.objects.current().filter(team__in=teams)
    leads = ServiceLead.objects.filter(service__programme=programme)
    people = User.objects.filter(Q(pk__in=members.values("user")) | Q(pk__in=leads.values("user")), is_active=True)
    return people.order_by(Lower("name"), "pk").prefetch_related("led_services__service")


class SilentForm(forms.Form):
    """What one person thinks before figures are shown. Service leads propose a value only."""

    value = scale(VALUES)
    size = scale(SIZES)

    def __init__(self, data, *, sizes, initial=None):
        super().__init__(data, initial=initial)
        if not sizes:
            del self.fields["size"]

    def clean(self):
        if not any(self.cleaned_data.get(name) for name in ("value", "size")) and not self.errors:
            raise forms.ValidationError("Choose a value" + (" or a size" if "size" in self.fields else ""))
        return self.cleaned_data


class DecisionForm(forms.Form):
    """One page of the review: is it right, theme, value, size, outcome and what the outcome needs."""

    title = forms.CharField(max_length=150, error_messages={"required": "Enter a title"})
    recommendation = forms.CharField(max_length=300, required=False)
    themes = forms.ModelMultipleChoiceField(Theme.objects.none(), required=False)
    value = scale(VALUES)
    size = scale(SIZES)
    outcome = forms.ChoiceField(choices=OUTCOMES, error_messages={"required": "Choose an outcome"})
    reason = forms.CharField(max_length=300, required=False)
    until = forms.DateField(
        required=False,
        error_messages={"invalid": "Enter a date, such as 27 3 2027"},
        validators=[in_our_time],
    )
    question = forms.CharField(max_length=300, required=False)
    into = forms.CharField(max_length=200, required=False)
    seen = forms.CharField(max_length=30)
    key = forms.UUIDField()

    def __init__(self, data, *, item, by):
        self.item, self.by = item, by
        super().__init__(data, initial=as_it_stands(item) | (item.draft or {}) | self.fresh())
        thing = item.opportunity
        in_use = Q(archived_at=None) | Q(pk__in=thing.themes.values("pk"))  # an archived one it has stays choosable
        self.fields["themes"].queryset = thing.team.programme.themes.filter(in_use)

    def fresh(self):
        return {"seen": self.item.stamp, "key": fresh_key()}

    def clean_into(self):
        """A reference; what the list of suggestions fills in goes on with the title."""
        reference = self.cleaned_data["into"].strip().split(" ")[0].upper()
        if not reference or self.data.get("outcome") != State.MERGED:
            return None
        programme = self.item.opportunity.programme_id
        found = Opportunity.objects.seen_by(self.by).filter(programme=programme, reference=reference).first()
        if not found:
            raise forms.ValidationError(f"There is no {reference} in your teams. Enter a reference such as HOU-1")
        return found

    def clean(self):
        """What the outcome needs, each beside its own field; the models hold the rule."""
        given = self.cleaned_data
        for outcome, name, words in NEEDED:
            if given.get("outcome") == outcome and name not in self.errors and not given.get(name):
                self.add_error(name, words)
        until = given.get("until")
        if given.get("outcome") == State.PARKED and until and until <= timezone.localdate():
            self.add_error("until", "The date to look at it again must be in the future")
        return given

    def decision(self) -> Decision:
        given = dict(self.cleaned_data, themes=tuple(self.cleaned_data["themes"]), target=self.cleaned_data["into"])
        names = ["title", "recommendation", "themes", "value", "size", "outcome", "reason", "until", "question"]
        return Decision(target=given["target"], **{name: given[name] for name in names})

    def typed(self):
        """What is on the page and not yet saved, as it was typed, or None when nothing was changed."""
        typed = {name: self.data[name][:500] for name in TYPED if name in self.data}
        typed["themes"] = self.data.getlist("themes")[:100]
        shown = {name: _as_typed(value) for name, value in self.initial.items()}
        before = as_it_stands(self.item)
        if typed == {name: shown.get(name, "") for name in typed}:
            return self.item.draft
        if typed == {name: _as_typed(before.get(name, "")) for name in typed}:
            return None
        return typed


NEEDED = [
    (State.TAKE_FORWARD, "themes", "Choose at least one theme to take it forward"),
    (State.TAKE_FORWARD, "value", "Choose a value to take it forward"),
    (State.TAKE_FORWARD, "size", "Choose a size to take it forward"),
    (State.PARKED, "reason", "Say why it is parked"),
    (State.PARKED, "until", "Enter the date to look at it again, such as 27 3 2027"),
    (State.WONT_DO, "reason", "Say why it won’t be done"),
    (State.MERGED, "into", "Enter the reference of the opportunity it belongs to, such as HOU-1"),
    (State.NEEDS_EVIDENCE, "question", "Say what you need to find out"),
]


def as_it_stands(item) -> dict:
    """What the form shows before anybody types."""
    thing = item.opportunity
    return {
        "title": thing.title,
        "recommendation": thing.recommendation,
        "themes": [theme.pk for theme in thing.themes.all()],
        "value": thing.value,
        "size": thing.size,
        "outcome": item.outcome if item.is_reviewed else "",
        "reason": thing.reason,
        "until": thing.parked_until,
        "question": thing.open_question,
        "into": thing.merged_into.reference if thing.merged_into else "",
    }


def _as_typed(value):
    """As a browser would send it."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return "" if value is None else str(value)
