from itertools import chain

from django.http import FileResponse, StreamingHttpResponse
from django.views.decorators.http import require_http_methods

from backlog import exports, listing
from teams.access import for_team
from teams.permissions import Can

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def export_csv(request, team):
    """The list as its query string filters and sorts it, streamed."""
    pieces = exports.csv_lines(exports.HEADINGS, _lines(request, team, "CSV"))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{exports.download_name(team, "opportunities")}.csv"'
    return response


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def export_xlsx(request, team):
    file = exports.xlsx_file(exports.HEADINGS, _lines(request, team, "Excel"))
    name = f"{exports.download_name(team, 'opportunities')}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _lines(request, team, kind):
    answers = listing.Filters(request.GET, listing.offers(team, request.user)).answers()
    rows = listing.narrow(team.opportunities.all(), answers)
    if request.method == "GET":
        exports.trace(team, "opportunities", rows, kind, by=request.user)
    segments = listing.segments(rows, answers)
    return chain.from_iterable(exports.lines(segment.rows.order_by(*segment.columns)) for segment in segments)
