"""Taking back what was said (P19): a canary in everything of a participant stands nowhere afterwards."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from research import erasure, evidence, reminders
from research.models import Observation, Participant, Round, RoundState, Session, SessionState
from teams.models import Change, Conflict, OutgoingMail
from teams.texts import columns
from tests.factories import ready_opportunity
from tests.research.canary import CANARY, everywhere
from tests.research.making import a_session, noted

pytestmark = pytest.mark.django_db
ASIDE = {  # text columns that take_out leaves alone, and why nobody's words can be in them
    "research_observation.text": "the row is deleted; other people may have said the same",
    "research_observation.by_name": "the name of a colleague",
    "research_observation.consent": "the same word in every row",
    "research_session.code": "what a tombstone keeps",
    "teams_user.name": "who somebody is, in every programme",
    "teams_user.password": "a hash",
    "teams_submission.answer": "an address of ours",
    "teams_session.session_data": "signed, and gone after half a day",
    "teams_session.browser": "what a browser calls itself",
    "teams_invitation.email": "an address",
    "teams_outgoingmail.to": "an address",
    "research_passcode.email": "an address",
    "research_reviewer.email": "an address",
}


INSTEAD = "[Quote removed at the participant’s request]"


def test_the_search_for_canaries_finds_them(told):
    assert {"research_observation", "backlog_story", "teams_change", "teams_outgoingmail"} <= set(everywhere(CANARY))


def test_after_a_withdrawal_their_words_stand_nowhere(told, by):
    erasure.withdraw(told[0], by=by)

    assert everywhere(CANARY) == []
    assert everywhere("ZZPII") == []


def test_what_stays_can_be_read_and_says_why_something_is_missing(told, by):
    session, finding, opportunity, story = told
    erasure.withdraw(session, by=by)

    for thing in (finding, opportunity, story):
        thing.refresh_from_db()
    assert finding.detail == f"As they said: {INSTEAD}. Others did too"
    assert story.title == INSTEAD
    assert OutgoingMail.objects.get(kind="test").text == f"Somebody said {INSTEAD}"


def test_words_that_the_database_writes_in_another_way_go_too(told, by, team):
    before = {"description": f"One line\n{told[0].observations.last().text}", "tags": ["a\tb", "“c”"]}
    change = Change.objects.record(told[2], "edited it", by=by, team=team, undo=before)

    erasure.withdraw(told[0], by=by)

    change.refresh_from_db()
    assert change.undo == before | {"description": f"One line\n{INSTEAD}"}


def test_a_withdrawal_leaves_a_tombstone_and_right_counts(told, by, researcher):
    session, finding, opportunity, _ = told
    finding.agree(by=by)

    researcher.post(reverse("research:withdraw", args=[session.round.team.slug, session.pk]))

    for thing in (session, finding, opportunity):
        thing.refresh_from_db()
    assert (session.state, session.code, session.erased_by) == (SessionState.WITHDRAWN, "P1", by.name)
    assert (finding.people, finding.recheck, opportunity.evidence) == (0, "evidence withdrawn", 0)
    assert not Participant.objects.exists() and not Observation.objects.exists()
    assert "Re-check: evidence withdrawn" in researcher.get(finding.get_absolute_url()).text


def test_wherever_a_finding_is_read_it_says_that_evidence_was_withdrawn(told, by, researcher):
    session, finding, opportunity, _ = told
    finding.agree(by=by)
    erasure.withdraw(session, by=by)

    for page in (
        reverse("research:programme_findings", args=[finding.team.programme.slug]),
        reverse("research:opportunity_thread", args=[opportunity.reference]),
        finding.round.get_absolute_url(),
    ):
        assert "re-check: evidence withdrawn" in " ".join(researcher.get(page).text.split()), page


def test_others_of_the_round_stay_as_they_are(told, round_, by):
    other = a_session(round_, by)
    noted(other, by, "I signed too, and asked nobody")

    erasure.withdraw(told[0], by=by)

    assert other.observations.count() == 1
    assert Participant.objects.filter(code="P2").exists()


def test_nothing_of_a_withdrawal_stays_half_done(told, by, monkeypatch):
    def fails(words, instead, **_):
        raise RuntimeError

    monkeypatch.setattr("teams.redaction.take_out", fails)
    with pytest.raises(RuntimeError):
        erasure.withdraw(told[0], by=by)

    assert Session.objects.get(pk=told[0].pk).state == SessionState.HELD
    assert "research_observation" in everywhere(CANARY)


def test_every_text_column_is_searched_or_has_a_reason():
    """A column that somebody adds tomorrow is searched by itself; one that cannot be must be named here."""
    searched = {f"{model._meta.db_table}.{field.column}" for model, fields in columns().items() for field in fields}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, character_maximum_length FROM information_schema.columns "
            "WHERE table_schema = 'public' AND is_generated = 'NEVER' "
            "AND (data_type IN ('text', 'character varying', 'jsonb', 'json') OR data_type = 'ARRAY')"
        )
        text = {f"{table}.{column}": length for table, column, length in cursor.fetchall() if ours(table)}

    left = {name for name, length in text.items() if name not in searched and (length or 10_000) >= 12}
    assert {name for name in left if not is_choice_or_key(name)} <= set(ASIDE)


def ours(table):
    return table.split("_")[0] in ("teams", "backlog", "sprints", "research", "config")


def is_choice_or_key(name):
    """What the product chooses, not a person: states and kinds, slugs, references and other unique keys."""
    from django.apps import apps

    table, column = name.split(".")
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            field = next(one for one in model._meta.concrete_fields if one.column == column)
            inner = getattr(field, "base_field", field)
            return (
                bool(inner.choices)
                or field.unique
                or type(inner).__name__ == "SlugField"
                or (type(field).__name__ == "ArrayField" and type(inner).__name__ not in ("CharField", "TextField"))
            )
    return False


# --- The end of a round's time


def test_the_daily_job_deletes_what_is_due_and_keeps_what_was_learned(told, round_, by):
    session, finding, opportunity, story = told
    finding.agree(by=by)

    with time_machine.travel(dt.datetime.combine(round_.delete_by, dt.time(3), dt.UTC)):
        assert erasure.erase_what_is_due() == 1
        assert erasure.erase_what_is_due() == 0

    for thing in (session, finding, opportunity, round_):
        thing.refresh_from_db()
    assert everywhere(CANARY) == []
    assert (round_.state, session.state, session.consent) == (RoundState.ERASED, SessionState.HELD, "not_recorded")
    assert (finding.people, opportunity.evidence) == (1, 1)
    assert list(session.stories.all()) == [story]
    assert evidence.recount_all() == 0


def test_a_day_before_nothing_is_deleted(told, round_):
    with time_machine.travel(dt.datetime.combine(round_.delete_by - dt.timedelta(1), dt.time(12), dt.UTC)):
        assert erasure.erase_what_is_due() == 0


def test_reminders_go_at_thirty_and_at_seven_days_and_each_only_once(round_, by, delivery_manager, member):
    for before in (31, 30, 29, 8, 7, 6, 1):
        with time_machine.travel(dt.datetime.combine(round_.delete_by - dt.timedelta(before), dt.time(3), dt.UTC)):
            reminders.remind()

    letters = OutgoingMail.objects.filter(kind="research retention")
    assert sorted(letters.values_list("to", flat=True)) == sorted([by.email, delivery_manager.user.email] * 2)
    assert "“Round 1: new tenants”" in letters.first().text


def test_a_round_is_erased_by_hand_before_its_time(told, round_, researcher):
    url = reverse("research:erase_round", args=[round_.team.slug, round_.pk])

    assert "1 finding is still a draft" in researcher.get(url).text
    page = researcher.post(url, follow=True)

    assert "What was learned stays" in page.text
    assert not Observation.objects.exists() and Round.objects.get().is_erased
    assert researcher.post(url).status_code == 422


# --- What is left alone, and what is not


def test_the_same_words_in_another_programme_are_theirs(told, by, outsider):
    theirs = ready_opportunity(outsider.user.memberships.get().team, by, title="Kept the agreement in a drawer")

    erasure.withdraw(told[0], by=by)

    theirs.refresh_from_db()
    assert theirs.title == "Kept the agreement in a drawer"


def test_a_form_that_was_open_cannot_bring_the_words_back(told, by):
    session, _, opportunity, _ = told
    opportunity.refresh_from_db()

    erasure.withdraw(session, by=by)

    with pytest.raises(Conflict):
        opportunity.edit(by=by, description=f"Once more {CANARY}")


def test_a_note_that_is_removed_goes_from_what_it_was_carried_to(told, researcher):
    session, _, _, story = told
    first = session.observations.in_order().first()

    researcher.post(reverse("research:remove_observation", args=[session.round.team.slug, session.pk, first.pk]))

    story.refresh_from_db()
    assert story.title == "[Note removed]"
    assert everywhere(CANARY) == []


def test_a_note_that_is_rewritten_is_rewritten_where_it_was_carried_to(told, researcher):
    session, _, _, story = told
    first = session.observations.in_order().first()
    url = reverse("research:edit_observation", args=[session.round.team.slug, session.pk, first.pk])

    researcher.post(url, {"kind": "said", "text": "I signed without reading", "version": first.version})

    story.refresh_from_db()
    assert story.title == "I signed without reading"
    assert everywhere(CANARY) == []
