from django.db import transaction
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog import listing
from backlog.keyset import page
from backlog.models import undoing
from backlog.models.places import COUNT_UP_TO, moved_by
from teams.access import for_team
from teams.models import Change
from teams.permissions import Can


@transaction.non_atomic_requests  # each statement reads by itself
@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def opportunities(request, team):
    """The team's opportunities: ranked, filtered, sorted, a page at a time."""
    offers = listing.offers(team, request.user)
    filters = listing.Filters(request.GET, offers)
    answers = filters.answers()
    rows = listing.narrow(team.opportunities.for_list(), answers)
    segments = listing.segments(rows, answers)
    of = f"{team.slug}?{query_string(request, without=('page', 'at', 'done'))}"
    cursor = request.GET.get("page")
    if not cursor and "at" in request.GET:
        cursor = listing.cursor_to(segments, request.GET["at"][:20], of=of)

    shown = page(segments, cursor, of=of)
    context = {
        "team": team,
        "filters": filters,
        "answers": answers,
        "offers": offers,
        "page": shown,
        "counts": counts(team),
        "moved_by": moved_by(team.programme_id, shown.rows),
        "query": query_string(request, without=("page", "at", "done")),
        "done": done(request, team=team),
    }
    return render(request, "backlog/opportunities.html", context)


def counts(team) -> dict:
    """The figures on the tabs, for teams small enough to be counted on every page."""
    return team.opportunities.counts() if team.next_number <= COUNT_UP_TO else {}


def done(request, **place):
    """The change that led here, so that the page can say it and offer its undo."""
    number, *places = request.GET.get("done", "").split(".")
    if not (number.isdecimal() and len(number) < 19):
        return None
    change = Change.objects.filter(pk=number, who=request.user, **place).select_related("team").first()
    if change:
        change.touched = len(undoing.of_each(change))
        change.now, change.was = ([int(one) for one in places if one.isdecimal() and len(one) < 8] + [None, None])[:2]
    return change


def query_string(request, *, without):
    """The query with its empty and its passing parts left out: what a saved view keeps."""
    query = request.GET.copy()
    for name in list(query):
        if name in without or not query[name]:
            del query[name]
    return query.urlencode()
