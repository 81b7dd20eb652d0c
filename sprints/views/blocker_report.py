import datetime as dt

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints import blocker_report, ledger
from sprints.models import Blocker, BlockerLimits
from teams.access import for_programme, for_team
from teams.permissions import Can

WEEKS = {"4": 4, "13": 13, "52": 52}
USUAL = "13"


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def team(request, team):
    """How long blockers last, of which kind they are, and whom the team waits on."""
    weeks, since, today = _period(request)
    found = team.blockers.alive_since(since).with_people().in_ledger_order()
    lines = ledger.lines(found, BlockerLimits.objects.of(team), today)
    context = {"team": team, "tab": "blockers", "report": blocker_report.report(lines)}
    return render(request, "sprints/blocker_report.html", context | {"weeks": weeks, "since": since, "periods": WEEKS})


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ)
def programme(request, programme):
    """The same over all teams of a programme: figures only, for the words are each team's own."""
    weeks, since, today = _period(request)
    teams = list(programme.teams.in_use())
    found = Blocker.objects.in_programme(programme).alive_since(since).with_people().in_ledger_order()
    lines = ledger.lines(
        found, BlockerLimits.objects.of_each({line.team_id: line.team for line in found}.values()), today
    )
    context = {
        "programme": programme,
        "tab": "blockers",
        "report": blocker_report.report(lines),
        "by_team": blocker_report.by_team(lines, teams),
    }
    page = "sprints/programme_blockers.html"
    return render(request, page, context | {"weeks": weeks, "since": since, "periods": WEEKS})


def _period(request):
    today = timezone.localdate()
    weeks = WEEKS.get(request.GET.get("weeks", USUAL), WEEKS[USUAL])
    return weeks, today - dt.timedelta(weeks=weeks), today
