"""Taking back what was said: withdrawal by a participant, and the end of a round's time. One transaction each.

What stays: a tombstone (code, when, why, by whom), agreed findings, counts, opportunities and stories. What goes:
observations, the participant, the reference to their consent, and their words wherever they were carried to.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from research import evidence, ledger
from research.models import (
    Consent,
    Finding,
    Observation,
    Participant,
    Reviewer,
    Round,
    RoundState,
    Session,
    SessionState,
)
from research.models.finding import RECHECK
from teams import redaction
from teams.models import Team
from teams.permissions import Can

WITHDREW = "consent withdrawn"
TIME_IS_OVER = "its time was over"
INSTEAD = {
    WITHDREW: "[Quote removed at the participant’s request]",
    TIME_IS_OVER: "[Quote deleted: its time was over]",
}
REMOVED, REWRITTEN = "[Note removed]", "[Note rewritten]"
CARRIED = "This note is in a finding or in the backlog. Ask the researcher to rewrite it, for it changes there too"
SYSTEM = "Throughline"


@transaction.atomic
def withdraw(session, *, by, also=()):
    """The participant has changed their mind: everything of theirs goes, at once, and all counts are put right.

    `also` are the keys of places where a person has recognised a few words as theirs.
    """
    found = _look(_said(session), session.round.team)
    session = _held(session)
    if session.is_erased:
        raise ValidationError("The data of this session was deleted already")
    resting = Finding.objects.filter(sessions=session).select_related("team__programme").order_by("pk")
    findings = list(resting.select_for_update(of=("self",)))
    words = _erase(session, by, WITHDREW, state=SessionState.WITHDRAWN, consent=Consent.WITHDRAWN)
    Finding.objects.filter(pk__in=[one.pk for one in findings]).update(recheck=RECHECK)
    for finding in findings:
        finding.record("marked it to be looked at again: evidence was withdrawn", by=by)
    evidence.recount(findings)
    evidence.push(session.opportunities.values_list("pk", flat=True))
    session.record("withdrew the session at the participant’s request", by=by)
    also = redaction.take_few_out(words, INSTEAD[WITHDREW], teams=_reach(session.round.team, by), keys=also)
    take_out(words, INSTEAD[WITHDREW], session.round.team, found=found)
    transaction.on_commit(lambda: ledger.enter_session(session, also=also))


def to_be_checked(session, *, by) -> list:
    """Where a few words of theirs stand in texts of `by`'s teams, that only a person can tell from anybody's."""
    return redaction.places_of_few(_said(session), teams=_reach(session.round.team, by))


@transaction.atomic
def erase_round(round_, *, by=None):
    """Its raw data goes; what was learned and how many people it rests on stay."""
    said = Observation.objects.of_round(round_).values_list("text", flat=True)
    found = _look(list(said), round_.team)
    round_ = Round.objects.select_for_update(of=("self",)).select_related("team__programme").get(pk=round_.pk)
    round_.insist_it_is_kept()
    words = []
    for session in round_.sessions.kept().select_for_update().order_by("pk"):
        session.round = round_
        words += _erase(session, by, TIME_IS_OVER, state=session.state, consent=Consent.NOT_RECORDED)
    Participant.objects.filter(round=round_).delete()
    round_.state, round_.erased_at = RoundState.ERASED, timezone.now()
    round_.delete_by = round_.delete_by or timezone.localdate()
    round_.save_changes("state", "erased_at", "delete_by")
    round_.record("deleted the data of the round" if by else "had its data deleted: its time was over", by=by)
    take_out(words, INSTEAD[TIME_IS_OVER], round_.team, found=found)
    transaction.on_commit(lambda: ledger.enter_round(round_))


@transaction.atomic
def remove_note(observation, *, by, beyond):
    """Written by mistake: its words go wherever they were carried to, and what rested on it is counted anew. After it
    nobody knows them any more, so whoever may erase reaches `beyond` the team at once, as a withdrawal would."""
    session, findings = observation.session, list(observation.findings.all())
    found = _look([observation.text], session.round.team, beyond=beyond)
    observation.remove(by=by)
    evidence.recount(findings)
    if not session.observations.filter(text__iexact=observation.text).exists():  # it was there twice
        take_out([observation.text], REMOVED, session.round.team, beyond=beyond, found=found)


@transaction.atomic
def rewrite_note(observation, *, by, kind, text, may_elsewhere):
    """What it was carried to says the new words too: with the old ones nobody would find them again. So only whoever
    `may_elsewhere` rewrites a note that was carried: others could put their own words into anybody's mouth."""
    before, team = observation.text, observation.session.round.team
    carried = observation.findings.exists() or observation.stories.exists() or observation.opportunities.exists()
    if carried and text != before and not may_elsewhere:
        raise ValidationError(CARRIED)
    found = _look([before], team, beyond=False) if carried and text != before else None
    observation.edit(by=by, kind=kind, text=text)
    if found:
        redaction.take_out_of_letters([before], REWRITTEN, team=team, beyond=False, found=found)
        take_out([before], text, team, beyond=False, found=found)


def erase_what_is_due() -> int:
    """Every day: rounds whose time is over. Each in a transaction of its own, so that one cannot hold up the rest."""
    due = list(Round.objects.due())
    for round_ in due:
        erase_round(round_)
    return len(due)


def erase_again() -> int:
    """After a backup was restored, before anybody sees it: what was deleted since goes again. Returns how much."""
    sessions, rounds = ledger.to_erase_again()
    for session in sessions:
        withdraw(session, by=None, also=session.also)
    for round_ in rounds:
        erase_round(round_)
    ledger.catch_up()
    return len(sessions) + len(rounds)


def take_out(words, instead, team, *, beyond=True, found=None):
    """Of the team's texts, and with `beyond` of those of its whole programme. Only who may erase goes beyond."""
    redaction.take_out_of_letters(words, instead, team=team, guests=_guests(team), beyond=beyond, found=found)
    for eraser in settings.ERASERS:
        import_string(eraser)(words, instead, team=team, beyond=beyond, found=found)


def _look(words, team, *, beyond=True):
    """Before anything is locked, for it takes long."""
    return redaction.look(words, team=team, guests=_guests(team), beyond=beyond)


def _reach(team, by):
    """The teams of the programme in which somebody may take a few words out; after a restore all, for somebody has."""
    teams = Team.objects.filter(programme=team.programme_id)
    return teams.filter(pk=team.pk) | teams.allowing(by, Can.ERASE) if by else teams


def _guests(team):
    return Reviewer.objects.filter(playback__team__programme=team.programme_id, user=None).values("email")


def _said(session) -> list:
    return list(session.observations.values_list("text", flat=True))


def _held(session) -> Session:
    rows = Session.objects.select_related("round__team__programme").select_for_update(of=("self",))
    return rows.get(pk=session.pk)


def _erase(session, by, why, *, state, consent) -> list:
    """Its rows go and it becomes a tombstone. Returns what was said, to be looked for elsewhere."""
    words = _said(session)
    participant = session.participant_id
    Observation.objects.filter(session=session).delete()
    session.note_takers.clear()
    session.state, session.consent = state, consent
    session.participant, session.place = None, ""
    session.consent_on, session.consent_how, session.consent_scopes = None, "", []
    session.consent_sheet = session.consent_kept = ""
    session.erased_at, session.erased_by, session.erased_why = timezone.now(), by.name if by else SYSTEM, why
    session.save_changes(
        "state", "consent", "participant", "place", "consent_on", "consent_how", "consent_scopes", "consent_sheet",
        "consent_kept", "erased_at", "erased_by", "erased_why",
    )  # fmt: skip
    if not Session.objects.filter(participant=participant).exists():
        Participant.objects.filter(pk=participant).delete()
    return words
