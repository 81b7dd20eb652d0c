"""The programme backlog as a list: its filters, and the order its pages are cut from."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import F, Value
from django.urls import reverse

from backlog.keyset import Segment
from backlog.models import Opportunity, State
from teams.models import Service, Team, Theme


def place_in_programme(opportunity, *, done=None) -> str:
    """The address of the row in the programme backlog, which says what was `done` (as `listing.place_in_list`)."""
    query = urlencode({"at": opportunity.reference} | ({"done": done.pk} if done else {}))
    path = reverse("backlog:programme_backlog", args=[opportunity.team.programme.slug])
    return f"{path}?{query}#opportunity-{opportunity.pk}"


class ProgrammeFilters(forms.Form):
    """What the query string may say. `offers` names the teams, themes and services of the programme by id."""

    team = forms.TypedChoiceField(coerce=int, required=False)
    theme = forms.TypedChoiceField(coerce=int, required=False)
    service = forms.TypedChoiceField(coerce=int, required=False)
    status = forms.ChoiceField(
        choices=[("", "Both"), (State.TAKE_FORWARD, "Take forward"), (State.IN_DELIVERY, "In delivery")], required=False
    )

    def __init__(self, data, offers):
        super().__init__(data)
        for name in ("team", "theme", "service"):
            self.fields[name].choices = [("", f"Any {name}"), *offers[name].items()]

    def answers(self) -> dict:
        """The cleaned filters. Raises BadRequest for a value that was never offered."""
        if not self.is_valid():
            names = ", ".join(self.errors)
            raise BadRequest(f"The backlog cannot be filtered that way ({names}). It may be an old link")
        return self.cleaned_data


def offers(programme) -> dict:
    """The programme's teams, themes and services by id, in one statement."""
    asked = {
        "team": Team.objects.filter(programme=programme),
        "theme": Theme.objects.filter(programme=programme),
        "service": Service.objects.filter(programme=programme),
    }
    found = {kind: {} for kind in asked}
    parts = [
        rows.order_by()
        .annotate(kind=Value(kind), place=F("position") if kind == "theme" else Value(0))
        .values_list("kind", "place", "name", "pk")
        for kind, rows in asked.items()
    ]
    for kind, _, name, pk in parts[0].union(*parts[1:], all=True).order_by("kind", "place", "name"):
        found[kind][pk] = name
    return found


def narrow(rows, answers):
    for name in ("theme", "service"):
        if answers[name]:
            links = getattr(Opportunity, f"{name}s").through.objects.filter(**{name: answers[name]})
            rows = rows.filter(pk__in=links.values("opportunity"))
    facts = {"team": answers["team"], "state": answers["status"]}
    return rows.filter(**{name: answer for name, answer in facts.items() if answer})


def segments(rows) -> list[Segment]:
    return [Segment(rows, ("rank",))]
