from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.models import Opportunity
from research import evidence, merging
from research.finding_forms import FindingForm, LinkForm, SplitForm
from research.found import finding_of, insist_on_reading, round_of
from research.models import Finding, Observation, Reading
from teams.access import for_team
from teams.editing import edit as edit_thing
from teams.models import Change, Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

MEANWHILE = "The finding was changed meanwhile. This is how it stands now"


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def finding(request, team, finding):
    """One finding: what it rests on, and what came of it."""
    return page(request, finding_of(team, finding))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def add(request, team, round):
    """Draft one without notes at hand; whoever may read them groups them into it later."""
    round_ = round_of(team, round)
    form = FindingForm(request.POST if request.method == "POST" else None, team=team)
    if form.is_valid():
        return redirect(
            Submission.once(
                request.user, key_of(request), lambda: Finding.objects.add(round_, by=request.user, **form.facts())
            )
        )
    context = {"team": team, "round": round_, "form": form, "key": key_of(request)}
    context |= {"heading": "Draft a finding", "button": "Save the draft"}
    return render(request, "research/finding_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def edit(request, team, finding):
    finding = finding_of(team, finding)
    return edit_thing(
        request,
        finding,
        lambda data, initial: FindingForm(data, initial=initial, team=team),
        context={"team": team, "finding": finding, "heading": "Edit a finding", "button": "Save"},
        then="research:finding",
        then_args=[team.slug, finding.pk],
        template="research/finding_form.html",
    )


@require_POST
@for_team(Can.RAISE)
def become(request, team, finding):
    """Agreed by the researcher or the product owner; anybody may open it again or say that it no longer holds."""
    finding = finding_of(team, finding)
    to = request.POST.get("to")
    verbs = {"agreed": finding.agree, "draft": finding.become_draft, "superseded": finding.supersede}
    if not request.standing.may(Can.AGREE_FINDING):
        raise PermissionDenied("The user researcher or the product owner agrees findings")
    if to not in verbs:
        return page(request, finding, problem="Choose what the finding should become", status=422)
    return _do(request, finding, lambda: verbs[to](by=request.user), f"The finding is {to} now")


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def split(request, team, finding):
    """Two things were learned: take some of the observations into a finding of their own."""
    insist_on_reading(request)
    finding = finding_of(team, finding)
    _note_reading(request, finding)
    form = SplitForm(request.POST if request.method == "POST" else None, observations=finding.observations.in_order())
    if form.is_valid():
        picked, statement = list(form.cleaned_data["pick"]), form.cleaned_data["statement"]
        new = evidence.split(finding, picked, statement, by=request.user)
        messages.success(request, f"“{new}” is a finding of its own now")
        return redirect(new)
    context = {
        "team": team,
        "finding": finding,
        "form": form,
        "observations": finding.observations.in_order().with_code(),
    }
    context["picked"] = form.data.getlist("pick") if form.is_bound else []
    return render(request, "research/split.html", context, status=422 if form.errors else 200)


@require_POST
@for_team(Can.RAISE)
def ungroup(request, team, finding, observation):
    """The note belongs elsewhere: it is back among those of the round."""
    insist_on_reading(request)
    finding = finding_of(team, finding)
    note = get_object_or_404(Observation.objects.of_round(finding.round), pk=observation)
    evidence.ungroup(finding, note, by=request.user)
    messages.success(request, "It no longer rests on that note")
    return redirect(finding)


@require_POST
@for_team(Can.RAISE)
def link(request, team, finding):
    """An opportunity or a story there is already answers it."""
    finding = finding_of(team, finding)
    form = LinkForm(request.POST, team=team, by=request.user)
    if not form.is_valid():
        return page(request, finding, link=form, status=422)
    thing = form.cleaned_data["reference"]
    act = evidence.link if isinstance(thing, Opportunity) else evidence.link_story
    return _do(request, finding, lambda: act(finding, thing, by=request.user), f"It leads to {thing.reference} now")


@require_POST
@for_team(Can.RAISE)
def unlink(request, team, finding, reference):
    finding = finding_of(team, finding)
    opportunity = finding.opportunities.filter(reference=reference).first()
    story = finding.stories.filter(reference=reference).first()
    if opportunity:
        evidence.unlink(finding, opportunity, by=request.user)
    if story:
        evidence.unlink_story(finding, story, by=request.user)
    messages.success(request, f"It no longer leads to {reference}")
    return redirect(finding)


def page(request, finding, *, link=None, problem="", status=200):
    may_read = request.standing.may(Can.READ_NOTES) or (finding.round.is_shared and request.standing.may(Can.READ))
    observations = list(finding.observations.in_order().select_related("session")) if may_read else []
    if observations:
        _note_reading(request, finding)
    context = {
        "team": finding.team,
        "finding": finding,
        "may_read": may_read,
        "observations": observations,
        "opportunities": finding.opportunities.order_by("number"),
        "stories": finding.stories.order_by("number"),
        "form": link or LinkForm(team=finding.team, by=request.user),
        "problem": problem,
        "took_in": finding.took_in.order_by("pk"),
        "undoable": merging.to_take_back(finding, request.user, request.standing),
        "changes": Change.objects.about(finding)[:30],
    }
    return render(request, "research/finding.html", context, status=status)


def _do(request, finding, act, words):
    try:
        act()
        evidence.recount([finding])
    except ValidationError as problem:
        return page(request, finding, problem=problem.messages[0], status=422)
    except Conflict:
        return page(request, finding_of(finding.team, finding.pk), problem=MEANWHILE, status=409)
    messages.success(request, words)
    return redirect(finding)


def _note_reading(request, finding):
    if not request.standing.may(Can.RUN_RESEARCH):
        Reading.objects.note(request.user, finding.round)
