"""Writing down what is seen and heard, by several people at once."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap

from research import erasure
from research.forms import LinesForm, ObservationForm
from research.found import observation_of, session_of, session_to_note, session_to_read
from research.models import Stamp
from research.views.session import page
from teams.access import for_team
from teams.editing import edit
from teams.models import Conflict
from teams.models.idempotency import key_of
from teams.permissions import Can

NOTHING_NEW = 204


@require_POST
@for_team(Can.RAISE)
def note(request, team, session):
    """One line or many. Each is an observation; sending them again adds nothing."""
    session = session_to_note(request, team, session)
    form = LinesForm(request.POST)
    if form.is_valid():
        try:
            session.note(form.cleaned_data["read"], by=request.user, key=key_of(request))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            seen = Stamp.read(request.POST.get("seen", ""))
            if request.htmx:
                return _answer(request, session, seen, notes=True)
            return redirect(f"{session.get_absolute_url()}#notes")
    if request.htmx:
        return render(request, "research/_capture_problem.html", {"form": form}, status=422)
    return page(request, session, form=form, status=422)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def news(request, team, session):
    """The notes, where they have changed since the page was made."""
    session = session_to_read(request, team, session)
    if not request.htmx:
        return redirect(session)
    seen = Stamp.read(request.GET.get("seen", ""))
    if seen == session.observations.stamp():
        return HttpResponse(status=NOTHING_NEW)
    return _answer(request, session, seen, notes=session.may_be_noted_by(request.user, request.standing))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def edit_observation(request, team, session, observation):
    session = session_to_note(request, team, session)
    observation = observation_of(session, observation)
    return edit(
        request,
        observation,
        lambda data, initial: ObservationForm(data, initial=initial),
        context={"team": team, "session": session, "observation": observation},
        then="research:session",
        then_args=[team.slug, session.pk],
        template="research/observation_form.html",
        save=partial(erasure.rewrite_note, observation, may_elsewhere=request.standing.may(Can.RUN_RESEARCH)),
    )


@require_POST
@for_team(Can.RAISE)
def remove_observation(request, team, session, observation):
    """Written by mistake."""
    session = session_to_note(request, team, session)
    observation = observation_of(session, observation)
    erasure.remove_note(observation, by=request.user, beyond=request.standing.may(Can.ERASE))
    messages.success(request, "The observation is removed")
    return redirect(session)


@require_POST
@for_team(Can.RUN_RESEARCH)
def share(request, team, session, observation):
    """Mark a quote safe to share, or take it back."""
    session = session_of(team, session)
    observation = observation_of(session, observation)
    is_safe = request.POST.get("safe") == "yes"
    try:
        observation.set_shareable(is_safe, by=request.user)
    except ValidationError as problem:
        return page(request, session, problem=problem.messages[0], status=422)
    except Conflict:
        return page(request, session, problem="It was rewritten meanwhile. Read it again", status=409)
    words = "Readers outside the team may see this quote now" if is_safe else "The quote stays in the team now"
    messages.success(request, words)
    return redirect(f"{session.get_absolute_url()}#observation-{observation.pk}")


def _answer(request, session, seen, *, notes):
    """What was written since the page had `seen` the others; all of it, where any of those has changed."""
    new = session.observations.added_since(seen) if seen.count else None
    whole = new is None
    observations = list(session.observations.with_what_came_of_them()) if whole else new
    context = {
        "team": session.round.team,
        "session": session,
        "observations": observations,
        "stamp": (Stamp() if whole else seen).with_more(observations),
        "notes": notes,
        "may_share": request.standing.may(Can.RUN_RESEARCH) and not session.why_no_quotes(),
        "next_states": session.next_states(),
        "oob": True,
    }
    answer = render(request, f"research/_observations{'' if whole else '_new'}.html", context)
    return answer if whole else reswap(answer, "none")
