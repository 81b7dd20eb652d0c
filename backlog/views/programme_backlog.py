from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog import programme_list
from backlog.keyset import page
from backlog.listing import cursor_to
from backlog.models import Opportunity
from backlog.models.places import moved_by
from backlog.views.listing import done, query_string
from teams.access import for_programme
from teams.permissions import ALLOWED, Can


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_PROGRAMME_BACKLOG)
def backlog(request, programme):
    """What to work on next: everything taken forward by every team, in one order."""
    offers = programme_list.offers(programme)
    filters = programme_list.ProgrammeFilters(request.GET, offers)
    rows = programme.opportunities.ranked().for_list()
    segments = programme_list.segments(programme_list.narrow(rows, filters.answers()))
    query = query_string(request, without=("page", "at", "done"))
    of = f"{programme.slug}/backlog?{query}"
    cursor = request.GET.get("page")
    if not cursor and "at" in request.GET:
        cursor = cursor_to(segments, request.GET["at"][:20], of=of)

    shown = page(segments, cursor, of=of)
    roles = dict(request.user.memberships.current().filter(team__programme=programme).values_list("team", "role"))
    context = {
        "programme": programme,
        "filters": filters,
        "offers": offers,
        "page": shown,
        "moved_by": moved_by(programme.pk, shown.rows),
        "query": query,
        "done": done(request, programme=programme, kind=Opportunity._meta.label_lower),
        "tab": "backlog",
        "reads": {team for team, role in roles.items() if Can.READ in ALLOWED[role]},
        "orders": {team for team, role in roles.items() if Can.ORDER in ALLOWED[role]},
    }
    return render(request, "backlog/programme_backlog.html", context)
