"""P29: what probes are told."""

import datetime as dt
import time

import pytest
import redis
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from config import health
from teams.mail import post
from teams.models import OutgoingMail
from tests.factories import TeamFactory
from tests.sprints.mornings import MONDAY, during

committed = pytest.mark.django_db(transaction=True)  # the probe asks over a connection of its own


def test_live_asks_nothing_of_the_database(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/health/live")

    assert (response.status_code, response.text) == (200, "live")


@committed
def test_ready_when_the_database_answers_and_is_migrated(client):
    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "answers",
        "migrations_missing": 0,
        "oldest_letter_waits": 0,
        "letters_waiting": 0,
        "letters_unknown": 0,
        "letters_failed": 0,
        "oldest_digest_due": 0,
        "queues": {"celery": 0, "long": 0},
        "warnings": [],
    }


@committed
def test_not_ready_before_the_migrations(client):
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("teams", "0001_initial")
    try:
        response = client.get("/health/ready")
    finally:
        recorder.record_applied("teams", "0001_initial")

    assert response.status_code == 503
    assert response.json()["migrations_missing"] == 1


@committed
def test_late_and_doubtful_letters_are_warnings(client):
    for _ in range(2):
        post("digest", to="pat@ambleford.example", subject="Today", text="Dear Pat")
    OutgoingMail.objects.update(not_before=timezone.now() - dt.timedelta(minutes=6))
    OutgoingMail.objects.filter(pk=OutgoingMail.objects.first().pk).update(state="unknown")

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert len(response.json()["warnings"]) == 2
    assert response.json()["oldest_letter_waits"] >= 360
    assert (response.json()["letters_waiting"], response.json()["letters_unknown"]) == (1, 1)


@committed
def test_a_digest_that_is_overdue_is_a_warning(client, monkeypatch):
    monkeypatch.setattr(health, "DATABASE_ANSWERS_WITHIN", 20)  # a busy machine that reads calendars is no failed test
    TeamFactory()
    with during(MONDAY, 8, 36):
        response = client.get("/health/ready")

    assert response.json()["oldest_digest_due"] == 6 * 60
    assert response.json()["warnings"] == ["A digest is due for longer than five minutes: see manage.py digests"]


@committed
@pytest.mark.parametrize("queue", health.QUEUES)
def test_how_many_wake_ups_wait(client, settings, queue):
    with redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")) as broker:
        broker.rpush(queue, "one", "two")
        waiting = client.get("/health/ready").json()["queues"]
        broker.delete(queue)

    assert waiting == {"celery": 0, "long": 0} | {queue: 2}


@committed
def test_a_broker_that_is_away_is_a_warning(client, settings):
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"

    response = client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["warnings"] == ["The broker does not answer: letters wait"]


@committed
def test_a_database_that_stands_still_is_said_within_a_second(client, monkeypatch):
    monkeypatch.setattr(health, "_ask_database", lambda: time.sleep(1.5))

    for _ in range(2):
        began = time.monotonic()
        response = client.get("/health/ready")
        assert time.monotonic() - began < 1.4
        assert response.status_code == 503
        assert response.json() | {"queues": {}} == {
            "ready": False,
            "database": "does not answer",
            "queues": {},
            "warnings": [],
        }


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_probes_only_ask(client, db, path):
    assert client.post(path).status_code == 405
