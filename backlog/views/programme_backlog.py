from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog import exports, programme_exports, programme_list
from backlog.keyset import page
from backlog.listing import cursor_to
from backlog.models import Opportunity
from backlog.models.places import moved_by
from backlog.views.exporting import XLSX
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


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_PROGRAMME_BACKLOG)
def export_csv(request, programme):
    """The list as its query string filters it, streamed."""
    pieces = exports.csv_lines(programme_exports.HEADINGS, _lines(request, programme, "CSV"))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{exports.download_name(programme, "backlog")}.csv"'
    return response


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_PROGRAMME_BACKLOG)
def export_xlsx(request, programme):
    file = exports.xlsx_file(programme_exports.HEADINGS, _lines(request, programme, "Excel"), sheet="Backlog")
    name = f"{exports.download_name(programme, 'backlog')}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _lines(request, programme, kind):
    filters = programme_list.ProgrammeFilters(request.GET, programme_list.offers(programme))
    rows = programme_list.narrow(programme.opportunities.ranked(), filters.answers())
    if request.method == "GET":
        words = exports.taken_away("the programme backlog", rows, kind)
        programme.record(programme, words, by=request.user)
    return programme_exports.lines(rows.order_by("rank"))
