"""What an operator's Prometheus reads: the figures of /health/ready, behind a token."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from config import health
from teams.mail import post
from teams.models import OutgoingMail
from tests.factories import TeamFactory
from tests.sprints.mornings import MONDAY, during

TOKEN = "a-token-of-the-operator"
committed = pytest.mark.django_db(transaction=True)  # the figures are asked over a connection of its own


@pytest.fixture
def ask(client, settings):
    settings.METRICS_TOKEN = TOKEN
    return lambda shown=f"Bearer {TOKEN}": client.get("/health/metrics", headers={"Authorization": shown})


def figures(response):
    lines = [line for line in response.text.splitlines() if not line.startswith("#")]
    return {name: int(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@committed
def test_each_figure_has_a_name_a_sentence_and_a_value(ask):
    response = ask()

    assert response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.text.endswith("\n")
    of_one = r"(# HELP (throughline_\w+) [^\n]+\n# TYPE \2 gauge\n(?:\2(?:\{queue=\"\w+\"\})? \d+\n)+)"
    assert re.fullmatch(f"{of_one}+", response.text)
    assert figures(response) == {
        "throughline_ready": 1,
        "throughline_database_up": 1,
        "throughline_broker_up": 1,
        "throughline_letters_waiting": 0,
        "throughline_letters_unknown": 0,
        "throughline_letters_failed": 0,
        "throughline_oldest_letter_waits": 0,
        "throughline_oldest_digest_due": 0,
        'throughline_queue_length{queue="celery"}': 0,
        'throughline_queue_length{queue="long"}': 0,
    }


@committed
def test_letters_are_counted_and_nobody_is_named(ask):
    for state in ("waiting", "waiting", "unknown", "failed"):
        letter = post("digest", to="pat@ambleford.example", subject="Housing: 1 blocker", text="Dear Pat")
        OutgoingMail.objects.filter(pk=letter.pk).update(state=state, not_before=timezone.now() - dt.timedelta(hours=1))
    response = ask()

    found = figures(response)
    assert [found[f"throughline_letters_{state}"] for state in ("waiting", "unknown", "failed")] == [2, 1, 1]
    assert 3600 <= found["throughline_oldest_letter_waits"] < 3700
    assert not re.search("pat|housing|ambleford", response.text, re.IGNORECASE)


@committed
def test_the_digest_that_is_due_longest(ask, monkeypatch):
    monkeypatch.setattr(health, "DATABASE_ANSWERS_WITHIN", 20)  # a busy machine that reads calendars is no failed test
    TeamFactory()
    with during(MONDAY, 8, 36):
        assert figures(ask())["throughline_oldest_digest_due"] == 6 * 60


@committed
def test_what_nobody_knows_is_left_out_and_no_zero(ask, settings, monkeypatch):
    monkeypatch.setattr("config.metrics.database_facts", lambda: None)
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"

    response = ask()

    assert response.status_code == 200
    assert figures(response) == {f"throughline_{name}": 0 for name in ("ready", "database_up", "broker_up")}


@pytest.mark.parametrize("shown", ["", TOKEN[:-1], "Bearer ", "Bearer " + TOKEN.upper(), "Basic " + TOKEN, "Bearer é"])
def test_without_the_token_there_is_no_such_page(ask, db, shown):
    assert ask(shown).status_code == 404


def test_an_empty_setting_opens_nothing(client, db):
    for shown in ("", "Bearer "):
        assert client.get("/health/metrics", headers={"Authorization": shown}).status_code == 404


def test_it_is_only_asked(client, db):
    assert client.post("/health/metrics").status_code == 405
