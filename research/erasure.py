"""Taking back what was said: withdrawal by a participant, and the end of a round's time. One transaction each.

What stays: a tombstone (code, when, why, by whom), agreed findings, counts, opportunities and stories. What goes:
observations, the participant, the reference to their consent, and their words wherever they were carried to.
"""

import datetime as dt
import json
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from research import evidence
from research.models import Consent, Finding, Observation, Participant, Round, RoundState, Session, SessionState
from research.models.finding import RECHECK
from research.models.round import REMINDERS
from teams import mail
from teams.models import Membership
from teams.permissions import Role

WITHDREW = "consent withdrawn"
TIME_IS_OVER = "its time was over"
INSTEAD = {
    WITHDREW: "[Quote removed at the participant’s request]",
    TIME_IS_OVER: "[Quote deleted: its time was over]",
}
SYSTEM = "Throughline"


@transaction.atomic
def withdraw(session, *, by):
    """The participant has changed their mind: everything of theirs goes, at once, and all counts are put right."""
    session = _held(session)
    if session.is_erased:
        raise ValidationError("The data of this session was deleted already")
    findings = list(Finding.objects.filter(sessions=session).select_for_update(of=("self",)))
    _erase(session, by.name if by else SYSTEM, WITHDREW, state=SessionState.WITHDRAWN, consent=Consent.WITHDRAWN)
    Finding.objects.filter(pk__in=[one.pk for one in findings]).update(recheck=RECHECK)
    for finding in findings:
        finding.record("marked it to be looked at again: evidence was withdrawn", by=by)
    evidence.recount(findings)
    evidence.push(session.opportunities.values_list("pk", flat=True))
    session.record("withdrew the session at the participant’s request", by=by)
    transaction.on_commit(lambda: _enter_in_ledger(session))


def withdraw_again() -> int:
    """After a backup was restored: whoever had withdrawn since is withdrawn again. Returns how many."""
    again = 0
    for line in _ledger().read_text().splitlines() if settings.ERASURE_LEDGER and _ledger().exists() else []:
        entry = json.loads(line)
        session = Session.objects.kept().filter(pk=entry["session"], code=entry["code"]).first()
        if session:
            withdraw(session, by=None)
            again += 1
    return again


@transaction.atomic
def erase_round(round_, *, by=None):
    """Its raw data goes; what was learned and how many people it rests on stay."""
    round_ = Round.objects.select_for_update().select_related("team__programme").get(pk=round_.pk)
    round_.insist_it_is_kept()
    for session in round_.sessions.kept().select_for_update().order_by("pk"):
        session.round = round_
        _erase(session, by.name if by else SYSTEM, TIME_IS_OVER, state=session.state, consent=Consent.NOT_RECORDED)
    Participant.objects.filter(round=round_).delete()
    round_.state, round_.erased_at = RoundState.ERASED, timezone.now()
    round_.delete_by = round_.delete_by or timezone.localdate()
    round_.save_changes("state", "erased_at", "delete_by")
    round_.record("deleted the data of the round" if by else "had its data deleted: its time was over", by=by)


def erase_what_is_due() -> int:
    """Every day: rounds whose time is over. Each in a transaction of its own, so that one cannot hold up the rest."""
    due = list(Round.objects.due())
    for round_ in due:
        erase_round(round_)
    return len(due)


def remind() -> int:
    """A letter at 30 and at 7 days to the researchers and delivery managers; each only once for each date."""
    today = timezone.localdate()
    sent = 0
    for round_ in Round.objects.kept().filter(delete_by__range=(today, today + dt.timedelta(max(REMINDERS)))):
        left = (round_.delete_by - today).days
        notice = min(days for days in REMINDERS if left <= days)
        for person in _who_answers_for(round_.team):
            _remind(round_, person, left, notice)
            sent += 1
    return sent


def _who_answers_for(team):
    roles = [Role.RESEARCHER, Role.DELIVERY_MANAGER]
    members = Membership.objects.current().filter(team=team, role__in=roles, user__is_active=True)
    return [one.user for one in members.select_related("user")]


def _remind(round_, person, left, notice):
    address = settings.SITE_URL + reverse("research:round", args=[round_.team.slug, round_.pk])
    day = f"{round_.delete_by.day} {round_.delete_by:%B %Y}"
    mail.post(
        "research retention",
        to=person.email,
        user=person,
        subject=f"Research data of {round_.team} is deleted on {day}",
        text=f"The notes and participants of “{round_}” are deleted on {day}, in {left} days.\n\n"
        "Before then, make sure that every finding can be read without the notes it rests on.\n"
        f"{address}\n",
        dedupe=f"retention-{round_.pk}-{round_.delete_by}-{notice}-{person.pk}",
    )


# --- How it is done


def _ledger() -> Path:
    return Path(settings.ERASURE_LEDGER)


def _enter_in_ledger(session):
    """Numbers and a code, nothing else: enough to find the session in an older copy of the database."""
    if not settings.ERASURE_LEDGER:
        return
    entry = {"session": session.pk, "code": session.code, "at": session.erased_at.isoformat()}
    with _ledger().open("a") as ledger:
        ledger.write(json.dumps(entry) + "\n")


def _held(session) -> Session:
    rows = Session.objects.select_related("round__team__programme").select_for_update(of=("self",))
    return rows.get(pk=session.pk)


def _erase(session, who, why, *, state, consent):
    words = list(session.observations.values_list("text", flat=True))
    participant = session.participant_id
    Observation.objects.filter(session=session).delete()
    session.note_takers.clear()
    session.state, session.consent = state, consent
    session.participant, session.place = None, ""
    session.consent_on, session.consent_how, session.consent_scopes = None, "", []
    session.consent_sheet = session.consent_kept = ""
    session.erased_at, session.erased_by, session.erased_why = timezone.now(), who, why
    session.save_changes(
        "state", "consent", "participant", "place", "consent_on", "consent_how", "consent_scopes", "consent_sheet",
        "consent_kept", "erased_at", "erased_by", "erased_why",
    )  # fmt: skip
    if not Session.objects.filter(participant=participant).exists():
        Participant.objects.filter(pk=participant).delete()
    for eraser in settings.ERASERS:
        import_string(eraser)(words, INSTEAD[why])
