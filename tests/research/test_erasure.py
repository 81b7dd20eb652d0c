"""Taking back what was said (P19): a canary in everything of a participant stands nowhere afterwards."""

import datetime as dt
import json
from pathlib import Path

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from backlog.models import Comment
from research import erasure, evidence, spawn
from research.models import Finding, Observation, Participant, Round, RoundState, Session, SessionState
from teams import mail
from teams.models import OutgoingMail
from teams.redaction import columns
from tests.factories import make_story, ready_opportunity
from tests.research.making import a_finding, a_session, noted

pytestmark = pytest.mark.django_db
CANARY = 'ZZPII “signed 100% of it\\all” where_they "pointed"'
ASIDE = {  # text columns that take_out leaves alone, and why nobody's words can be in them
    "research_observation.text": "the row is deleted; other people may have said the same",
    "research_session.code": "what a tombstone keeps",
}


INSTEAD = "[Quote removed at the participant’s request]"


def everywhere(text) -> list[str]:
    """The tables of the whole database in which the text stands, in whatever column, as text or inside JSON."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t '
                "WHERE strpos(to_jsonb(t)::text, %s) > 0 OR strpos(t::text, %s) > 0 "
                "OR strpos(to_jsonb(t)::text, %s) > 0",
                [inside, text, json.dumps(inside)[1:-1]],
            )
            found += [table] if cursor.fetchone()[0] else []
        return found


@pytest.fixture
def told(team, round_, by):
    """Somebody's words, carried as far as anybody can carry them."""
    session = a_session(round_, by, user_group="New tenant", access_needs=["seeing"], place="Library ZZPII")
    observation, other = noted(session, by, CANARY, "Kept the agreement in a drawer")
    finding = a_finding(round_, by, observation, other, statement="People sign without having understood")
    finding.edit(by=by, detail=f"As they said: {CANARY}. Others did too")
    opportunity = ready_opportunity(team, by, description=CANARY)
    opportunity.edit(by=by, description=f"They said {CANARY}")
    Comment.objects.say(opportunity, f"Remember {CANARY}", by=by)
    evidence.link(finding, opportunity, by=by)
    story = spawn.from_observation(observation, "story", CANARY[:150], by=by)
    story.edit(by=by, title=CANARY, need=f"be told: {CANARY}")
    make_story(team, by, description=CANARY)
    mail.post("test", to="a@b.example", subject=CANARY, text=f"Somebody said {CANARY}")
    return session, finding, opportunity, story


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


def test_others_of_the_round_stay_as_they_are(told, round_, by):
    other = a_session(round_, by)
    noted(other, by, "I signed too, and asked nobody")

    erasure.withdraw(told[0], by=by)

    assert other.observations.count() == 1
    assert Participant.objects.filter(code="P2").exists()


def test_nothing_of_a_withdrawal_stays_half_done(told, by, monkeypatch):
    def fails(words, instead):
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
            erasure.remind()

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


def test_a_restored_backup_is_erased_again(told, round_, by, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    other = a_session(round_, by)
    with django_capture_on_commit_callbacks(execute=True):
        erasure.withdraw(told[0], by=by)
    restored = a_session(round_, by)  # stands for the session as yesterday's backup holds it
    noted(restored, by, "Said before the backup was made")
    entry = json.loads(Path(settings.ERASURE_LEDGER).read_text())
    Path(settings.ERASURE_LEDGER).write_text(json.dumps(entry | {"session": restored.pk, "code": restored.code}))

    call_command("erase")

    assert Session.objects.get(pk=restored.pk).state == SessionState.WITHDRAWN
    assert Session.objects.get(pk=other.pk).state == SessionState.PLANNED
    assert everywhere("Said before the backup was made") == []
    assert Finding.objects.exists()
