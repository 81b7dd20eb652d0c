"""All texts are read before anything is locked, and what is written meanwhile is found all the same (P19, P21)."""

import uuid

import pytest
from django.db import connection

from backlog.models import Comment, Order
from research import erasure
from research.models import Session
from teams import seen
from teams.carried import Words
from tests.backlog.test_together import all_at_once
from tests.factories import ready_opportunity
from tests.research.canary import everywhere
from tests.research.making import a_round, a_session, noted

pytestmark = pytest.mark.django_db(transaction=True)
SAID, MORE = "ZZPII signed where they pointed that day", "ZZPII kept the letters in a drawer unopened"
TEXTS = 40


@pytest.fixture
def told(team, researcher):
    session = a_session(a_round(team, researcher.user), researcher.user)
    noted(session, researcher.user, SAID)
    return session


@pytest.fixture
def meanwhile(monkeypatch):
    """Somebody else does something after all was read and before anything is locked."""

    def does(act):
        look = erasure._look

        def and_then(*args, **kwargs):
            found = look(*args, **kwargs)
            all_at_once(1, lambda _: act())
            return found

        monkeypatch.setattr(erasure, "_look", and_then)

    return does


def test_others_may_move_and_write_while_texts_are_read(told, team, researcher, meanwhile):
    Order.objects.get_or_create(programme=team.programme)

    def takes_both_locks():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM backlog_order FOR UPDATE NOWAIT")
            cursor.execute("SELECT 1 FROM research_session FOR UPDATE NOWAIT")

    meanwhile(takes_both_locks)
    erasure.withdraw(told, by=researcher.user)

    assert everywhere("ZZPII") == []


def next_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::xid::text")
        return cursor.fetchone()[0]


def test_few_texts_are_read_under_locks(told, team, researcher, monkeypatch):
    for number in range(TEXTS):
        ready_opportunity(team, researcher.user, title=f"Number {number}")
    monkeypatch.setattr(seen, "_oldest_at_work", next_transaction)  # other tests may be at work on the same server
    held, may_stand_in, read = erasure._held, Words.may_stand_in, []

    def and_now_count(session):
        monkeypatch.setattr(Words, "may_stand_in", lambda words, row: read.append(row) or may_stand_in(words, row))
        return held(session)

    monkeypatch.setattr(erasure, "_held", and_now_count)
    erasure.withdraw(told, by=researcher.user)

    assert 0 < len(read) < TEXTS


def test_what_is_written_while_texts_are_read_goes_too(told, team, researcher, meanwhile):
    by, old = researcher.user, ready_opportunity(team, researcher.user)

    def carries_them_elsewhere():
        old.edit(by=by, description=f"Somebody told us: {SAID}")
        Comment.objects.say(old, f"{SAID} and so on", by=by)

    meanwhile(carries_them_elsewhere)
    erasure.withdraw(told, by=by)

    assert everywhere("ZZPII") == []


def test_what_is_said_while_texts_are_read_is_looked_for_everywhere(told, team, researcher, meanwhile):
    by = researcher.user
    ready_opportunity(team, by, description=f"Somebody told us: {MORE}")
    session = Session.objects.select_related("round__team").get(pk=told.pk)

    meanwhile(lambda: session.note([("said", MORE)], by=by, key=uuid.uuid4()))
    erasure.withdraw(told, by=by)

    assert everywhere("ZZPII") == []
