"""A restored backup is erased again before anybody sees it (P19)."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from research import erasure
from research.models import Finding, Round, Session, SessionState
from research.tasks import keep_promises
from tests.research.canary import everywhere
from tests.research.making import a_round, a_session, noted

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "erasures.jsonl")
    return Path(settings.ERASURE_LEDGER)


def put_back(ledger, **entry):
    """The ledger as it is when an older copy of the database was restored."""
    lines = [json.loads(line) for line in ledger.read_text().splitlines()]
    ledger.write_text("".join(json.dumps(line | entry) + "\n" for line in lines))


def test_who_withdrew_is_withdrawn_again_before_a_restored_copy_is_served(
    told, round_, by, ledger, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.DEMO = False
    other = a_session(round_, by)
    restored = a_session(round_, by)  # stands for the session as yesterday's backup holds it
    noted(restored, by, "Said before the backup was made")
    with django_capture_on_commit_callbacks(execute=True):
        erasure.withdraw(told[0], by=by)
    put_back(ledger, session=restored.pk, code=restored.code)

    call_command("prepare", words=tmp_path / "words")  # what every start does before its web server

    assert Session.objects.get(pk=restored.pk).state == SessionState.WITHDRAWN
    assert Session.objects.get(pk=other.pk).state == SessionState.PLANNED
    assert everywhere("Said before the backup was made") == []
    assert Finding.objects.exists()


def test_a_round_that_was_deleted_is_deleted_again_after_a_restore(
    team, told, round_, by, ledger, django_capture_on_commit_callbacks
):
    restored = a_round(team, by)
    noted(a_session(restored, by), by, "Said before the backup was made")
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_round(round_, by=by)
    put_back(ledger, round=restored.pk, began=str(restored.created_at))

    call_command("erase")

    assert Round.objects.get(pk=restored.pk).is_erased
    assert everywhere("Said before the backup was made") == []


def test_another_database_is_left_alone_by_the_ledger(told, by, ledger, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erasure.erase_round(told[0].round, by=by)
    again = a_round(told[0].round.team, by)
    put_back(ledger, round=again.pk)  # the same number, begun on another day

    call_command("erase")

    assert not Round.objects.get(pk=again.pk).is_erased


def test_a_line_that_got_lost_is_entered_by_the_daily_job(told, by, ledger):
    erasure.withdraw(told[0], by=by)  # no commit here, so nothing was entered
    assert not ledger.exists()

    keep_promises()
    keep_promises()

    (line,) = ledger.read_text().splitlines()
    assert json.loads(line)["session"] == told[0].pk
    assert "ZZPII" not in line
