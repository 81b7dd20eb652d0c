from itertools import chain

from django.contrib import messages
from django.http import FileResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog import exports, story_exports, story_listing
from backlog.keyset import page
from backlog.listing import cursor_to
from backlog.many_form import ManyForm
from backlog.models import Story
from backlog.models.story_order import COUNT_UP_TO
from backlog.views.exporting import XLSX
from backlog.views.listing import done, query_string
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def stories(request, team):
    """The team's stories: in order, filtered, sorted, a page at a time."""
    return _list(request, team, ManyForm())


@require_POST
@for_team(Can.WORK)
def add_many(request, team):
    """One story for each line. Sending the same form twice makes them once."""
    form = ManyForm(request.POST)
    if not form.is_valid():
        return _list(request, team, form, status=422)
    drafts = form.cleaned_data["lines"]

    def make():
        return story_listing.place_in_list(Story.objects.add_many(team, drafts, by=request.user)[0])

    address = Submission.once(request.user, key_of(request), make)
    messages.success(request, "1 story is added" if len(drafts) == 1 else f"{len(drafts)} stories are added")
    return redirect(address)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def export_csv(request, team):
    """The list as its query string filters and sorts it, streamed."""
    pieces = exports.csv_lines(story_exports.HEADINGS, _lines(request, team, "CSV"))
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{exports.download_name(team, "stories")}.csv"'
    return response


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def export_xlsx(request, team):
    file = exports.xlsx_file(story_exports.HEADINGS, _lines(request, team, "Excel"), sheet="Stories")
    return FileResponse(
        file, as_attachment=True, filename=f"{exports.download_name(team, 'stories')}.xlsx", content_type=XLSX
    )


def _list(request, team, form, status=200):
    offers = story_listing.offers(team)
    filters = story_listing.Filters(request.GET, offers)
    answers = filters.answers()
    rows = story_listing.narrow(team.stories.for_list(), answers, request.user)
    segments = story_listing.segments(rows, answers["sort"])
    query = query_string(request, without=("page", "at", "done"))
    of = f"{team.slug}/stories?{query}"
    cursor = request.GET.get("page")
    if not cursor and "at" in request.GET:
        cursor = cursor_to(segments, request.GET["at"][:20], of=of)
    context = {
        "team": team,
        "filters": filters,
        "answers": answers,
        "form": form,
        "key": fresh_key(),
        "page": page(segments, cursor, of=of),
        "counts": team.stories.counts(request.user) if team.next_number <= COUNT_UP_TO else {},
        "query": query,
        "done": done(request, team=team),
    }
    return render(request, "backlog/stories.html", context, status=status)


def _lines(request, team, kind):
    answers = story_listing.Filters(request.GET, story_listing.offers(team)).answers()
    rows = story_listing.narrow(team.stories.all(), answers, request.user)
    if request.method == "GET":
        exports.trace(team, "stories", rows, kind, by=request.user)
    segments = story_listing.segments(rows, answers["sort"])
    return chain.from_iterable(story_exports.lines(one.rows.order_by(*one.columns)) for one in segments)
