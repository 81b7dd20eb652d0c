from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from research import evidence
from research.forms import LinesForm, ParticipantForm, PlanForm, SessionForm
from research.found import round_of, session_of, session_to_read
from research.models import Participant, Session, Stamp
from teams.access import for_team
from teams.editing import edit as edit_thing
from teams.models import Change, Conflict, Submission
from teams.models.idempotency import fresh_key, key_of
from teams.permissions import Can
from teams.proof import proven_just_now

MEANWHILE = "Somebody else changed the session meanwhile. This is how it stands now"


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def session(request, team, session):
    """One session: its consent, and its notes, written as people talk."""
    return page(request, session_to_read(request, team, session))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def plan(request, team, round):
    """One more session. Its participant gets the next code."""
    round_ = round_of(team, round)
    form = PlanForm(request.POST if request.method == "POST" else None, round_=round_)
    if form.is_valid():
        try:
            address = Submission.once(
                request.user, key_of(request), lambda: Session.objects.plan(round_, by=request.user, **form.facts())
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, "The session is planned. Record consent before anything is written down")
            return redirect(address)
    context = {
        "team": team,
        "round": round_,
        "form": form,
        "key": key_of(request),
        "heading": f"Plan a session of {round_}",
        "button": "Plan the session",
    }
    return render(request, "research/session_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def edit(request, team, session):
    session = session_of(team, session)
    return edit_thing(
        request,
        session,
        lambda data, initial: SessionForm(data, initial=initial | _takers(session), round_=session.round),
        context={"team": team, "round": session.round, "heading": f"Edit session {session.code}", "button": "Save"},
        then="research:session",
        then_args=[team.slug, session.pk],
        template="research/session_form.html",
        save=partial(evidence.edit_session, session),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
@proven_just_now
def participant(request, team, session):
    """Who somebody is, as far as anybody here knows. Not beside the notes, where the room could see it; that it was
    looked at is written down (P34)."""
    session = session_of(team, session)
    if session.is_erased:
        raise Http404
    if request.method == "GET":
        session.record("looked at what is known of the participant", by=request.user)
    return edit_thing(
        request,
        session,
        lambda data, initial: ParticipantForm(data, initial=initial | _about(session.pk), round_=session.round),
        context={
            "team": team,
            "round": session.round,
            "session": session,
            "heading": f"About {session.code}",
            "button": "Save",
        },
        then="research:session",
        then_args=[team.slug, session.pk],
        template="research/participant.html",
    )


@require_POST
@for_team(Can.RUN_RESEARCH)
def become(request, team, session):
    """Held, analysed, cancelled, or nobody came."""
    session = session_of(team, session)
    try:
        session.become(request.POST.get("to"), by=request.user)
    except ValidationError as problem:
        return page(request, session, problem=problem.messages[0], status=422)
    except Conflict:
        return page(request, session_of(team, session.pk), problem=MEANWHILE, status=409)
    messages.success(request, f"Session {session.code} is now marked {session.get_state_display().lower()}")
    return redirect(session)


def page(request, session, *, form=None, problem="", status=200):
    runs = request.standing.may(Can.RUN_RESEARCH)
    notes = session.may_be_noted_by(request.user, request.standing)
    observations = list(session.observations.with_what_came_of_them())
    context = {
        "team": session.round.team,
        "round": session.round,
        "session": session,
        "form": form or LinesForm(initial={"key": fresh_key()}),
        "key": fresh_key(),
        "notes": notes and not session.is_erased,
        "may_share": runs and not session.why_no_quotes(),
        "why_no_notes": session.why_no_notes(),
        "observations": observations,
        "stamp": Stamp().with_more(observations),
        "next_states": session.next_states() if runs else [],
        "problem": problem,
        "readings": session.readings.order_by("-day", "-pk")[:20] if runs else [],
        "changes": Change.objects.about(session)[:20],
    }
    return render(request, "research/session.html", context, status=status)


def _takers(session) -> dict:
    return {"note_takers": list(session.note_takers.all())}


def _about(pk) -> dict:
    """As it is saved now."""
    return get_object_or_404(Participant.objects.filter(sessions=pk).values(*Participant.ABOUT))
