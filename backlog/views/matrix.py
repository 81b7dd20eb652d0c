from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog import quadrants
from teams.access import for_team
from teams.permissions import Can

SHOWS = {"": "status=backlog", "scored": "scored=yes"}  # what the page shows, and the list that holds the same
MOST_LISTED = 50  # of a quadrant; the list leads on to all


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def matrix(request, team):
    """Value by size: the backlog, or everything open that is scored, in four quadrants."""
    show = request.GET.get("show", "")
    if show not in SHOWS:
        raise BadRequest("The chart cannot be shown that way. It may be an old link")
    rows = team.opportunities.open().scored() if show else team.opportunities.ranked()
    counts = rows.by_value_and_size()
    things = list(rows.for_matrix(quadrants.MOST_IN_A_CELL, MOST_LISTED))
    dots, bubbles = quadrants.marks(things, counts)
    context = {
        "team": team,
        "show": show,
        "list_query": SHOWS[show],
        "total": sum(counts.values()),
        "counts": counts,
        "in_quadrant": quadrants.by_quadrant(counts),
        "things": things,
        "most": MOST_LISTED,
        "dots": dots,
        "bubbles": bubbles,
        "chart": quadrants,
        "sentence": quadrants.sentence(counts),
    }
    return render(request, "backlog/matrix.html", context)
