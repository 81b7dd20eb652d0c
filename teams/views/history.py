from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teams.access import for_programme, for_team
from teams.permissions import Can

PAGE = 50


@require_http_methods(["GET", "HEAD"])
@for_team(Can.SEE_TEAM)
def of_team(request, team):
    """Everything that happened in the team; of settings and people alone for those who do not read its backlog."""
    changes = team.changes.all() if request.standing.may(Can.READ) else team.changes.of_settings()
    return _page(request, "teams/team_history.html", {"team": team}, changes)


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.MANAGE_PROGRAMME)
def of_programme(request, programme):
    changes = programme.changes.of_settings().select_related("team")
    return _page(request, "teams/programme_history.html", {"programme": programme}, changes)


def _page(request, template, context, changes):
    """One page by keyset: a page far back costs what the first one does."""
    rows = changes.newest_first()
    before = request.GET.get("before", "")
    if before:
        last = (
            changes.filter(pk=before).first() if before.isascii() and before.isdecimal() and len(before) < 19 else None
        )
        if last is None:
            raise BadRequest("This link into the history is out of date. Open the history again")
        rows = changes.older_than(last)
    rows = list(rows[: PAGE + 1])
    more = rows[PAGE - 1].pk if len(rows) > PAGE else None
    return render(request, template, context | {"changes": rows[:PAGE], "more": more, "later": bool(before)})
