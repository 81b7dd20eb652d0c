"""The list of stories: its filters, its sorts and the segments a page is cut from.

Everything a list shows stands in its query string, as in backlog/listing.py.
"""

from urllib.parse import urlencode

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import F, Q, Value
from django.urls import reverse

from backlog.keyset import Segment
from backlog.listing import said_by
from backlog.models import Kind, StoryState
from backlog.models.searching import among_the_first
from backlog.models.story_states import CLOSED, POINTS, STARTED

AT_MOST_FOUND = 10_000  # matches of a search that a list goes on with
SORTS = {"": "Order", "newest": "Newest", "size": "Size", "since": "Longest in its state", "reference": "Reference"}
TAGS = {"access": ~Q(access_needs=[]), "assisted": Q(assisted_digital=True)}


class Filters(forms.Form):
    """What the query string may say. `offers` names the people and user groups of the team by id."""

    q = forms.CharField(max_length=200, required=False)
    status = forms.ChoiceField(
        choices=[
            ("", "All open"),
            ("started", "Started"),
            ("closed", "Done or won’t do"),
            ("all", "Every status"),
            *StoryState.choices,
        ],
        required=False,
    )
    kind = forms.ChoiceField(label="Type", choices=[("", "Any type"), *Kind.choices], required=False)
    who = forms.ChoiceField(label="Assigned to", required=False)
    size = forms.ChoiceField(
        choices=[("", "Any size"), ("none", "Not sized"), *((str(n), str(n)) for n in POINTS)], required=False
    )
    group = forms.TypedChoiceField(label="User group", coerce=int, required=False)
    tag = forms.ChoiceField(
        choices=[("", "Any"), ("access", "Access needs"), ("assisted", "Assisted digital")], required=False
    )
    under = forms.CharField(max_length=20, required=False)  # the reference of a parent opportunity
    sort = forms.ChoiceField(choices=list(SORTS.items()), required=False)

    def __init__(self, data, offers):
        data = data.copy()
        if "q" in data:
            data["q"] = data["q"][:200]
        super().__init__(data)
        people = [(str(pk), name) for pk, name in offers["who"].items()]
        self.fields["who"].choices = [("", "Anybody"), ("me", "Me"), ("nobody", "Nobody"), *people]
        self.fields["group"].choices = [("", "Any group"), *offers["group"].items()]

    def answers(self) -> dict:
        """The cleaned filters. Raises BadRequest for a value that was never offered."""
        if not self.is_valid():
            names = ", ".join(self.errors)
            raise BadRequest(f"The list cannot be filtered that way ({names}). It may be an old link")
        return self.cleaned_data


def offers(team) -> dict:
    """The people and the user groups of the team by id, in one statement."""
    people = team.memberships.current().order_by().annotate(of=Value("who"), name=F("user__name"))
    groups = team.user_groups.order_by().annotate(of=Value("group"))
    rows = people.values_list("of", "name", "user_id").union(groups.values_list("of", "name", "pk"), all=True)
    found = {"who": {}, "group": {}}
    for kind, name, pk in rows.order_by("name"):
        found[kind][pk] = name
    return found


def narrow(rows, answers, user):
    """The rows that the filters leave."""
    rows = rows.filter(_by_status(answers["status"]) & _by_person(answers["who"], user) & _by_facts(answers))
    text = answers["q"].strip()
    return among_the_first(rows, AT_MOST_FOUND, rows.matching(text)) if text else rows


def _by_status(status):
    if status == "all":
        return Q()
    if not status:
        return Q(rank__isnull=False)
    groups = {"started": STARTED, "closed": CLOSED}
    return Q(state__in=groups.get(status, [status]))


def _by_person(who, user):
    if who == "nobody":
        return Q(assignee=None)
    return Q(assignee=user.pk if who == "me" else int(who)) if who else Q()


def _by_facts(answers):
    wanted = TAGS.get(answers["tag"], Q())
    if answers["kind"]:
        wanted &= Q(kind=answers["kind"])
    if answers["size"]:
        wanted &= Q(points=None if answers["size"] == "none" else int(answers["size"]))
    if answers["group"]:
        wanted &= Q(user_group=answers["group"])
    if answers["under"]:
        wanted &= Q(opportunity__reference=answers["under"].upper())
    return wanted


def segments(rows, sort) -> list[Segment]:
    """How the rows are put in order. What has no rank or size comes last."""
    if sort == "size":
        sized = Segment(rows.filter(points__isnull=False), ("-points", "number"))
        return [sized, Segment(rows.filter(points=None), ("number",))]
    if sort == "since":
        return [Segment(rows, ("state_since", "number"))]
    if sort in ("newest", "reference"):
        return [Segment(rows, ("-number",) if sort == "newest" else ("number",))]
    ranked = Segment(rows.filter(rank__isnull=False), ("rank",))
    return [ranked, Segment(rows.filter(rank=None), ("-number",))]


def place_in_list(story, *, done=None) -> str:
    """The address of the row in its team's list, opened at the page that holds it."""
    query = urlencode({"at": story.reference} | ({"done": said_by(done)} if done else {}))
    return f"{reverse('backlog:stories', args=[story.team.slug])}?{query}#story-{story.pk}"
