"""Research as a team would have done it: rounds, sessions, notes and findings."""

import uuid

from django.utils import timezone

from research import evidence
from research.models import Consent, Finding, Kind, Round, RoundState, Scope, Session


def a_round(team, by, **fields):
    """A round in fieldwork."""
    fields.setdefault("name", f"Round {team.rounds.count() + 1}: new tenants")
    fields.setdefault("questions", "What is it like to move in?")
    round_ = Round.objects.add(team, by=by, **fields)
    round_.become(RoundState.FIELDWORK, by=by)
    return round_


def a_session(round_, by, *, consent=True, **fields):
    """A session with somebody who agreed to notes and to being quoted."""
    fields.setdefault("starts_at", timezone.now())
    session = Session.objects.plan(round_, by=by, **fields)
    if consent:
        scopes = [Scope.NOTES, Scope.QUOTES]
        session.record_consent(Consent.GIVEN, by=by, on=timezone.localdate(), how="signed", scopes=scopes)
    return session


def noted(session, by, *texts, kind=Kind.SAID):
    """Observations of a session, in the order given."""
    session.note([(kind, text) for text in texts], by=by, key=uuid.uuid4())
    return list(session.observations.in_order())[-len(texts) :]


def a_finding(round_, by, *observations, **fields):
    """A draft that rests on these observations."""
    fields.setdefault("statement", "People sign an agreement they have not understood")
    finding = Finding.objects.add(round_, by=by, **fields)
    evidence.group(finding, observations, by=by)
    return finding
