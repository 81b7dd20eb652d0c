"""The programme backlog as a list: its filters, and the order its pages are cut from."""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db import connection
from django.urls import reverse

from backlog.keyset import Segment
from backlog.listing import said_by
from backlog.models import Opportunity, State


def place_in_programme(opportunity, *, done=None) -> str:
    """The address of the row in the programme backlog, which says what was `done` (as `listing.place_in_list`)."""
    query = urlencode({"at": opportunity.reference} | ({"done": said_by(done)} if done else {}))
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


OFFERS = """
    SELECT 'team', 0, name, id FROM teams_team WHERE programme_id = %(programme)s
    UNION ALL SELECT 'theme', position, name, id FROM teams_theme WHERE programme_id = %(programme)s
    UNION ALL SELECT 'service', 0, name, id FROM teams_service WHERE programme_id = %(programme)s
    ORDER BY 1, 2, 3
"""


def offers(programme) -> dict:
    """The programme's teams, themes and services by id, in one statement."""
    found = {"team": {}, "theme": {}, "service": {}}
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, {"programme": programme.pk})
        for kind, _, name, pk in cursor:
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
