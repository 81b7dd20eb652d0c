from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from research.coverage import coverage
from research.forms import RoundForm
from research.found import participants_met, round_of
from research.models import Reading, RoundState
from research.thread import came_of
from teams.access import for_team
from teams.editing import edit as edit_thing
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def round(request, team, round):
    """One round: what it asks, whom it has heard from, its sessions and its findings."""
    return page(request, round_of(team, round))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def edit(request, team, round):
    round_ = round_of(team, round)
    return edit_thing(
        request,
        round_,
        lambda data, initial: RoundForm(data, initial=initial),
        context={"team": team, "round": round_, "heading": f"Edit {round_}", "button": "Save"},
        then="research:round",
        then_args=[team.slug, round_.pk],
        template="research/round_form.html",
    )


@require_POST
@for_team(Can.RUN_RESEARCH)
def become(request, team, round):
    """On to fieldwork, analysis or shared; or a step back."""
    round_ = round_of(team, round)
    try:
        round_.become(request.POST.get("to"), by=request.user)
    except ValidationError as problem:
        return page(request, round_, problem=problem.messages[0], status=422)
    except Conflict:
        return page(request, round_of(team, round_.pk), problem="The round was changed meanwhile", status=409)
    messages.success(request, f"{round_} is now in {round_.get_state_display().lower()}")
    return redirect(round_)


def page(request, round_, *, problem="", status=200):
    runs = request.standing.may(Can.RUN_RESEARCH)
    sessions = list(round_.sessions.with_counts().prefetch_related("note_takers"))
    came = came_of(sessions)
    for session in sessions:
        session.round, session.came = round_, len(came[session.pk])
        session.is_open = request.standing.may(Can.READ_NOTES) or round_.is_shared
        session.is_mine = any(one.pk == request.user.pk for one in session.note_takers.all())
    context = {
        "team": round_.team,
        "round": round_,
        "sessions": sessions,
        "came": len({thing for things in came.values() for thing in things}),
        "coverage": None if round_.is_erased else coverage(participants_met(round_), round_.wanted_groups),
        "findings": round_.findings.standing().most_people_first(),
        "next_states": [one for one in round_.next_states() if one != RoundState.ERASED] if runs else [],
        "problem": problem,
        "readings": Reading.objects.of_round(round_)[:20] if runs else [],
        "changes": Change.objects.about(round_)[:20],
    }
    return render(request, "research/round.html", context, status=status)
