"""What was deleted on purpose, kept apart from the database, so that a restored copy of it is erased again.

Numbers, a code and dates, nothing else: enough to find the session or round in an older copy, and no other.
"""

import json
from pathlib import Path

from django.conf import settings
from django.utils.dateparse import parse_datetime

from research.models import Round, RoundState, Session, SessionState


def enter_session(session, *, also=()):
    """`also` are the keys of rows whose texts held a few words."""
    entry = {"session": session.pk, "code": session.code, **_of_round(session.round), "at": str(session.erased_at)}
    _enter(entry | {"also": list(also)})


def enter_round(round_):
    _enter({**_of_round(round_), "at": str(round_.erased_at)})


def to_erase_again() -> tuple[list, list]:
    """The sessions and rounds in the ledger whose data is here all the same."""
    sessions, rounds = [], []
    for entry in _entries():
        here = Round.objects.filter(pk=entry["round"], created_at=parse_datetime(entry["began"]))
        if "session" in entry:
            found = Session.objects.kept().filter(pk=entry["session"], code=entry["code"], round__in=here)
            for session in found.select_related("round"):
                session.also = entry.get("also", [])
                sessions.append(session)
        else:
            rounds += here.kept()
    return sessions, rounds


def catch_up():
    """What the database knows to be deleted and the ledger does not, because the line was lost on its way."""
    if not settings.ERASURE_LEDGER:
        return
    known = [(entry.get("session"), entry["round"]) for entry in _entries()]
    for session in Session.objects.filter(state=SessionState.WITHDRAWN).select_related("round"):
        if (session.pk, session.round_id) not in known:
            enter_session(session)
    for round_ in Round.objects.filter(state=RoundState.ERASED):
        if (None, round_.pk) not in known:
            enter_round(round_)


def _of_round(round_) -> dict:
    return {"round": round_.pk, "began": str(round_.created_at)}


def _path() -> Path:
    return Path(settings.ERASURE_LEDGER)


def _entries() -> list:
    if not settings.ERASURE_LEDGER or not _path().exists():
        return []
    return [json.loads(line) for line in _path().read_text().splitlines()]


def _enter(entry):
    if settings.ERASURE_LEDGER:
        with _path().open("a") as ledger:
            ledger.write(json.dumps(entry) + "\n")
