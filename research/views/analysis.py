"""Making sense of a round: its observations on one page, grouped into findings by form, keyboard or drag."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research import evidence
from research.finding_forms import GroupForm, NotesFilter
from research.found import insist_on_reading, round_of
from research.models import Finding, Observation, Reading
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can

PAGE = 100


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ_NOTES)
def analysis(request, team, round):
    round_ = round_of(team, round)
    if not request.standing.may(Can.RUN_RESEARCH):
        Reading.objects.note(request.user, round_)
    return _page(request, round_, _form(round_, None))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def group(request, team, round):
    """Put what is selected into a finding. Grouping is drafting: whoever reads the notes may."""
    insist_on_reading(request)
    round_ = round_of(team, round)
    if request.method != "POST":
        return redirect("research:analysis", team.slug, round_.pk)
    form = _form(round_, request.POST)
    if not form.is_valid():
        return _page(request, round_, form, status=422)
    address = Submission.once(request.user, key_of(request), lambda: _group(request, round_, form.cleaned_data))
    return redirect(address)


def _group(request, round_, answers) -> str:
    finding = answers["finding"] or Finding.objects.add(round_, by=request.user, statement=answers["statement"])
    finding.team = round_.team
    evidence.group(finding, list(answers["pick"]), by=request.user)
    return f"{_address(round_)}?done={finding.pk}#finding-{finding.pk}"


def _address(round_) -> str:
    return redirect("research:analysis", round_.team.slug, round_.pk)["Location"]


def _form(round_, data):
    notes = Observation.objects.of_round(round_)
    return GroupForm(data, observations=notes, findings=round_.findings.standing().most_people_first())


def _page(request, round_, form, status=200):
    chosen = NotesFilter(request.GET, sessions=round_.sessions.kept())
    of_round = Observation.objects.of_round(round_)
    after = request.GET.get("after", "")
    last = of_round.filter(pk=after).first() if after.isdecimal() and len(after) < 19 else None
    notes = chosen.narrow(of_round).with_code().by_session()
    shown = list((notes.after(last) if last else notes).with_findings()[: PAGE + 1])
    findings = list(round_.findings.standing().most_people_first().only("round", "statement", "state", "people"))
    form.offer(findings)
    context = {
        "team": round_.team,
        "round": round_,
        "filters": chosen,
        "observations": shown[:PAGE],
        "more": shown[PAGE - 1].pk if len(shown) > PAGE else None,
        "findings": findings,
        "form": form,
        "picked": form.data.getlist("pick") if form.is_bound else [],
        "key": fresh_key(),
        "done": next((one for one in findings if str(one.pk) == request.GET.get("done")), None),
        "query": _without(request.GET, "after", "done"),
    }
    return render(request, "research/analysis.html", context, status=status)


def _without(query, *names) -> str:
    query = query.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()
