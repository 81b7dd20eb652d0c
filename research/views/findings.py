"""Lists of findings: the team's, the programme's, and what is missing between research and work."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from research import thread
from research.finding_forms import stages_in_use
from research.models import Finding, FindingKind, FindingState
from teams.access import for_programme, for_team
from teams.permissions import Can

MOST = 100


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def findings(request, team):
    """All that the team has learned, most people first."""
    found = team.findings.select_related("round", "stage")
    text, kind, state, stage = (request.GET.get(name, "") for name in ("q", "kind", "state", "stage"))
    found = found.filter(kind=kind) if kind in FindingKind.values else found
    found = found.filter(state=state) if state in FindingState.values else found.standing()
    found = found.filter(stage=_number(stage)) if _number(stage) else found
    if text.strip():
        context = {"findings": found.best_matches(text[:200])[:MOST]}
    else:
        found = found.most_people_first()
        context = _page_of(found, found.after, request)
    context |= {"team": team, "text": text, "kind": kind, "state": state, "stage": _number(stage)}
    context |= {"kinds": FindingKind.choices, "states": FindingState.choices}
    context["stages"] = stages_in_use(team)
    return render(request, "research/findings.html", context)


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_FINDINGS)
def programme_findings(request, programme):
    """Search over what all teams of the programme have agreed, so that nobody asks the same people twice."""
    text = request.GET.get("q", "")[:200]
    agreed = Finding.objects.agreed().filter(team__programme=programme).select_related("team", "round")
    if text.strip():
        context = {"findings": agreed.best_matches(text)[:MOST]}
    else:
        agreed = agreed.latest_first()
        context = _page_of(agreed, agreed.agreed_before, request)
    context |= {"programme": programme, "text": text, "most": MOST}
    context["own"] = set(programme.teams.allowing(request.user, Can.READ).values_list("pk", flat=True))
    return render(request, "research/programme_findings.html", context)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def gaps(request, team):
    """Work in a sprint that no research stands behind, and findings that nothing came of."""
    context = {"team": team, "stories": thread.work_without_evidence(team)}
    context["findings"] = team.findings.unused().select_related("round").most_people_first()[:MOST]
    return render(request, "research/gaps.html", context)


def _page_of(found, beyond, request) -> dict:
    """A page of them: those `beyond` the one that the page before ended with."""
    last = found.filter(pk=_number(request.GET.get("after", ""))).first()
    rows = list((beyond(last) if last else found)[: MOST + 1])
    query = request.GET.copy()
    query.pop("after", None)
    more = rows[MOST - 1].pk if len(rows) > MOST else None
    return {"findings": rows[:MOST], "more": more, "query": query.urlencode()}


def _number(text) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None
