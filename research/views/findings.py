"""Lists of findings: the team's, the programme's, and what is missing between research and work."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from research import thread
from research.models import Finding, FindingKind, FindingState
from teams.access import for_programme, for_team
from teams.permissions import Can

MOST = 100


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def findings(request, team):
    """All that the team has learned, most people first."""
    found = team.findings.select_related("round", "stage")
    text, kind, state = (request.GET.get(name, "") for name in ("q", "kind", "state"))
    found = found.filter(kind=kind) if kind in FindingKind.values else found
    found = found.filter(state=state) if state in FindingState.values else found.standing()
    found = found.best_matches(text[:200]) if text.strip() else found.most_people_first()
    context = {"team": team, "findings": found[:MOST], "text": text, "kind": kind, "state": state}
    context |= {"kinds": FindingKind.choices, "states": FindingState.choices}
    return render(request, "research/findings.html", context)


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_FINDINGS)
def programme_findings(request, programme):
    """Search over what all teams of the programme have agreed, so that nobody asks the same people twice."""
    text = request.GET.get("q", "")[:200]
    agreed = Finding.objects.agreed().filter(team__programme=programme).select_related("team", "round")
    found = agreed.best_matches(text) if text.strip() else agreed.order_by("-agreed_at", "-pk")
    context = {"programme": programme, "findings": found[:MOST], "text": text, "most": MOST}
    return render(request, "research/programme_findings.html", context)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def gaps(request, team):
    """Work in a sprint that no research stands behind, and findings that nothing came of."""
    context = {"team": team, "stories": thread.work_without_evidence(team)}
    context["findings"] = team.findings.unused().select_related("round").most_people_first()[:MOST]
    return render(request, "research/gaps.html", context)
