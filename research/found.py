"""What a team's research pages name by number. What is not the team's does not exist (404)."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404

from research.models import Finding, Observation, Participant, Reading, Round, Session
from teams.permissions import Can

WHO_READS = (
    "Raw notes are read by the researcher, the product owner, the delivery manager and whoever takes them. "
    "What was learned is in the findings"
)


def insist_on_reading(request):
    if not request.standing.may(Can.READ_NOTES):
        raise PermissionDenied(WHO_READS)


def round_of(team, pk, rounds=None) -> Round:
    return _first((team.rounds if rounds is None else rounds).filter(pk=pk), team)


def session_of(team, pk) -> Session:
    session = Session.objects.filter(pk=pk, round__team=team).select_related("round").first()
    if session is None:
        raise Http404
    session.round.team = team
    return session


def session_to_read(request, team, pk) -> Session:
    """For those who may read raw notes; that somebody outside research did is written down."""
    session = session_of(team, pk)
    if not session.may_be_read_by(request.user, request.standing):
        raise PermissionDenied(WHO_READS)
    if not request.standing.may(Can.RUN_RESEARCH):
        Reading.objects.note(request.user, session.round, session)
    return session


def session_to_note(request, team, pk) -> Session:
    session = session_of(team, pk)
    if not session.may_be_noted_by(request.user, request.standing):
        raise PermissionDenied("Notes are written by the researcher and the note-takers of the session")
    return session


def finding_of(team, pk) -> Finding:
    findings = team.findings.select_related("round", "stage__journey", "touchpoint", "superseded_by", "agreed_by")
    finding = _first(findings.filter(pk=pk), team)
    finding.round.team = team
    return finding


def observation_of(session, pk) -> Observation:
    observation = session.observations.filter(pk=pk).first()
    if observation is None:
        raise Http404
    observation.session = session
    return observation


def participants_met(round_) -> list:
    met = Participant.objects.filter(sessions__in=round_.sessions.met())
    return list(met.annotate(came=Max("sessions__people")))


def _first(rows, team):
    row = rows.first()
    if row is None:
        raise Http404
    row.team = team
    return row
