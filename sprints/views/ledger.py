from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints import ledger
from sprints.forms import LedgerFilters, LimitsForm
from sprints.models import Blocker, BlockerLimits
from teams.access import for_anyone_signed_in, for_team
from teams.editing import edit
from teams.permissions import Can

RECENT = 5
MOST = 100


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def blockers(request, team):
    """What stops or slows the team: those that need an owner first, then goal risks, then the oldest."""
    filters = LedgerFilters(request.GET)
    chosen = filters.chosen()
    found = _filtered(team.blockers, chosen, request.user).with_people()
    limits, today = BlockerLimits.objects.of(team), timezone.localdate()
    context = {"team": team, "tab": "blockers", "filters": filters, "chosen": chosen, "limits": limits}
    if chosen["show"]:
        closed = found.resolved() if chosen["show"] == "resolved" else found.withdrawn()
        context["closed"] = ledger.lines(closed[:MOST], limits, today)
    else:
        lines = ledger.lines(found.open().in_ledger_order()[:MOST], limits, today)
        context |= {"open": len(lines), "sections": ledger.sections(lines)}
        context["closed"] = ledger.lines(found.resolved()[:RECENT], limits, today)
    return render(request, "sprints/blockers.html", context)


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def escalated(request):
    """What somebody asks me to unblock, in whatever team; a service lead sees nothing else of it."""
    asked = list(Blocker.objects.escalated_to(request.user).with_people().select_related("team__programme")[:MOST])
    limits = BlockerLimits.objects.of_each({blocker.team_id: blocker.team for blocker in asked}.values())
    lines = ledger.lines(asked, limits, timezone.localdate())
    waiting = [line for line in lines if line.blocker.is_escalated]
    context = {
        "waiting": sorted(waiting, key=lambda line: line.blocker.answer_by),
        "resolved": [line for line in lines if not line.blocker.is_open],
    }
    return render(request, "sprints/escalated.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_TEAM)
def limits(request, team):
    return edit(
        request,
        BlockerLimits.objects.of(team),
        LimitsForm,
        context={"team": team, "tab": "blockers", "button": "Save", "heading": "When to be reminded of blockers"},
        then="sprints:limits",
        then_args=[team.slug],
        template="sprints/limits.html",
    )


def _filtered(found, chosen, user):
    found = found.of_kind(chosen["kind"]) if chosen["kind"] else found.all()
    if chosen["whose"] == "mine":
        return found.owned_by(user)
    return found.raised_by(user) if chosen["whose"] == "raised" else found
