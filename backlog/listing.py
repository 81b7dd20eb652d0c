"""The list of opportunities: its filters, its sorts and the segments a page is cut from.

Everything a list shows stands in its query string, so that every view can be bookmarked and sent to a colleague.
"""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from backlog import scoring
from backlog.keyset import PAGE, Segment, cursor_at
from backlog.models import Opportunity, State
from backlog.models.places import COUNT_UP_TO
from backlog.models.states import OPEN, RANKED, SET_ASIDE

ROWS_ABOVE = 3  # so that a row reached by a link is not the first thing under the sticky heading
SORTS = {
    "": "Rank",
    "score": "Score",
    "value": "Value",
    "evidence": "Evidence",
    "newest": "Newest",
    "reference": "Reference",
}
QUADRANT_RULES = {
    scoring.QUICK_WIN.key: Q(value__gte=5, size__lte=3),
    scoring.BIG_BET.key: Q(value__gte=5, size__gte=5),
    scoring.FILL_IN.key: Q(value__lte=3, size__lte=3),
    scoring.RECONSIDER.key: Q(value__lte=3, size__gte=5),
}


class Filters(forms.Form):
    """What the query string may say. `offers` names the themes, stages and services of the place by id."""

    q = forms.CharField(max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[
            ("", "All open"),
            ("backlog", "In the backlog"),
            ("aside", "Parked or needs evidence"),
            ("all", "Every status"),
            *State.choices,
        ],
        required=False,
    )
    theme = forms.TypedChoiceField(coerce=int, required=False)
    stage = forms.TypedChoiceField(coerce=int, required=False)
    service = forms.TypedChoiceField(coerce=int, required=False)
    scored = forms.ChoiceField(choices=[("", "Either"), ("yes", "Scored"), ("no", "Not scored")], required=False)
    quadrant = forms.ChoiceField(
        choices=[("", "Any"), *((one.key, one.name) for one in scoring.QUADRANTS)], required=False
    )
    must = forms.ChoiceField(choices=[("", "Any"), ("yes", "Must do")], required=False)
    sort = forms.ChoiceField(choices=list(SORTS.items()), required=False)
    view = forms.ChoiceField(choices=[("", "List"), ("stage", "By stage")], required=False)

    def __init__(self, data, offers):
        super().__init__(_cut(data))
        for name in ("theme", "stage", "service"):
            self.fields[name].choices = [("", f"Any {name}"), *offers[name].items()]

    def answers(self) -> dict:
        """The cleaned filters. Raises BadRequest for a value that was never offered."""
        if not self.is_valid():
            names = ", ".join(self.errors)
            raise BadRequest(f"The list cannot be filtered that way ({names}). It may be an old link")
        return self.cleaned_data


def _cut(data):
    """A search text longer than anybody types is cut, not refused."""
    data = data.copy()
    if "q" in data:
        data["q"] = data["q"][:200]
    return data


OFFERS = """
    SELECT 'theme', position, name, id, '' FROM teams_theme WHERE programme_id = %(programme)s AND archived_at IS NULL
    UNION ALL
    SELECT 'stage', stage.position, stage.name, stage.id, '' FROM backlog_stage AS stage
    JOIN backlog_journey AS journey ON journey.id = stage.journey_id WHERE journey.team_id = %(team)s
    UNION ALL
    SELECT 'service', 0, name, id, '' FROM teams_service WHERE programme_id = %(programme)s AND archived_at IS NULL
    UNION ALL
    SELECT 'view', 0, name, id, query FROM backlog_savedview WHERE team_id = %(team)s AND user_id = %(user)s
    ORDER BY 1, 2, 3
"""


def offers(team, user) -> dict:
    """What the list's filters and tabs can offer, by id, in one statement: theme, stage, service and saved view."""
    found = {"theme": {}, "stage": {}, "service": {}, "view": {}}
    with connection.cursor() as cursor:
        cursor.execute(OFFERS, {"programme": team.programme_id, "team": team.pk, "user": user.pk})
        for kind, _, name, pk, query in cursor:
            found[kind][pk] = (name, query) if kind == "view" else name
    return found


def narrow(rows, answers):
    """The rows that the filters leave."""
    rows = _by_status(rows, answers["status"])
    for name in ("theme", "service"):
        if answers[name]:
            links = getattr(Opportunity, f"{name}s").through.objects.filter(**{name: answers[name]})
            rows = rows.filter(pk__in=links.values("opportunity"))
    rows = rows.filter(_by_facts(answers))
    return rows.saying(answers["q"].strip()) if answers["q"] else rows


def _by_facts(answers):
    wanted = Q(stage=answers["stage"]) if answers["stage"] else Q()
    if answers["scored"]:
        wanted &= Q(merit__isnull=answers["scored"] == "no")
    if answers["must"]:
        wanted &= ~Q(must_do="")
    return wanted & QUADRANT_RULES.get(answers["quadrant"], Q())


STATES = {"": OPEN, "backlog": RANKED, "aside": SET_ASIDE, "all": State.values}


def _states(status):
    return STATES.get(status, [status])


def _by_status(rows, status):
    return rows if status == "all" else rows.filter(state__in=_states(status))


def segments(rows, answers) -> list[Segment]:
    """How the rows are put in order. What has no rank, score or value comes last, never in front."""
    sort = answers["sort"]
    if answers["view"] == "stage":
        return [Segment(rows, ("stage_position", "number"))]
    if sort == "evidence":
        return [Segment(rows, ("-evidence", "number"))]
    if sort in ("newest", "reference"):
        return [Segment(rows, ("-number",) if sort == "newest" else ("number",))]
    if sort == "score":
        first = "scored", Segment(rows.filter(merit__isnull=False), ("-merit", "created_at", "pk"))
        then = "not scored", Segment(rows.filter(merit=None), ("stage_position", "number"))
    elif sort == "value":
        first = "valued", Segment(rows.filter(value__isnull=False), ("-value", "number"))
        then = "not scored", Segment(rows.filter(value=None), ("stage_position", "number"))
    else:
        first = "ranked", Segment(rows.filter(rank__isnull=False), ("rank",))
        then = "not ranked", Segment(rows.filter(rank=None), ("stage_position", "number"))
    kinds = _kinds(answers)
    return [segment for kind, segment in (first, then) if kind in kinds]


def _kinds(answers) -> set:
    """What a filtered list may hold, so that PostgreSQL need not walk a whole order to find none.

    The backlog is scored, and only what is in it is ranked.
    """
    states = set(_states(answers["status"]))
    kinds = {"valued"}
    if answers["scored"] != "no":
        kinds |= {"scored", "ranked"} if states & set(RANKED) else {"scored"}
    if states - set(RANKED):
        kinds |= {"not ranked"} if answers["scored"] == "yes" or answers["quadrant"] else {"not ranked", "not scored"}
    return kinds


def place_in_list(opportunity, *, done=None) -> str:
    """The address of the row in its team's list, opened at the page that holds it.

    `done` is the change that has just been made: the page says so, with its undo.
    """
    query = urlencode({"at": opportunity.reference} | ({"done": said_by(done)} if done else {}))
    path = reverse("backlog:opportunities", args=[opportunity.team.slug])
    return f"{path}?{query}#opportunity-{opportunity.pk}"


def said_by(change) -> str:
    """A change as an address names it: after a move with the place that the thing has now, and the one it had."""
    places = [getattr(change, name, None) or "" for name in ("now", "was")]
    return ".".join(map(str, [change.pk, *places])).rstrip(".")


def cursor_to(segments, reference, *, of):
    """A cursor to the page that begins a few rows above `reference`; None when it stands on the first page, or not in
    the list at all."""
    for index, segment in enumerate(segments):
        row = segment.rows.filter(reference=reference).first()
        if row:
            above = list(segment.after(segment.key(row), backwards=True)[:ROWS_ABOVE])
            first = above[-1] if above else row
            ahead = sum(one.rows[:COUNT_UP_TO].count() for one in segments[:index])
            ahead += segment.after(segment.key(first), backwards=True)[:COUNT_UP_TO].count()
            on_the_first = ahead + len(above) < PAGE
            return None if on_the_first else cursor_at(segments, index, first, ahead + 1, of=of)
    return None
