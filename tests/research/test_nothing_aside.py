"""What a participant said, and who they are, goes neither into a log line nor to the broker (P18), while it is kept
and while it is taken back, whether that succeeds or fails."""

import base64
import io
import json
import logging

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.log import JsonLines
from research import erasure
from research.models import Observation, Session
from research.tasks import keep_promises
from tests.research.canary import everywhere

pytestmark = pytest.mark.django_db
WORDS = "ZZPII signed where they pointed and asked nobody"
QUEUE = "looked-into"


@pytest.fixture
def logged():
    """Everything that would be written, of every level that the product writes."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield stream.getvalue
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def broker():
    with redis.Redis.from_url(settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")) as broker:
        yield broker
        broker.delete(QUEUE)


@pytest.fixture
def told_over_the_web(round_, researcher):
    """A participant with the canary in every field that takes words, each sent as a form."""
    round_.edit(by=researcher.user, groups="ZZPII tenant")
    client = Client(raise_request_exception=False)
    client.force_login(researcher.user)
    today = f"{timezone.localdate():%d/%m/%Y}"
    team = round_.team.slug

    def send(name, *args, **answers):
        asked = {"version": 1, "checked": "on"} | answers
        answer = client.post(reverse(f"research:{name}", args=[team, *args]), asked)
        assert answer.status_code == 302, answer.text
        return answer

    send("plan_session", round_.pk, starts_at=f"{today} 10:00", how_met="home", place="ZZPII’s home", people=1,
         user_group="ZZPII tenant", age_band="65_79", access_needs=["seeing"], key="")  # fmt: skip
    session = Session.objects.get()
    send("consent", session.pk, status="given", on=today, how="signed", scopes=["notes", "quotes"],
         sheet="v2 for ZZPII", kept="Safe, under ZZPII")  # fmt: skip
    send("note", session.pk, lines=f'"{WORDS}', kind="said")
    send("group", round_.pk, pick=Observation.objects.get().pk, statement="People sign without having read it")
    send("spawn_from_observation", session.pk, Observation.objects.get().pk, "story", title=WORDS)
    return client, session


def test_neither_keeping_nor_taking_back_leaves_words_in_a_log(logged, told_over_the_web, round_, monkeypatch):
    client, session = told_over_the_web
    withdraw = reverse("research:withdraw", args=[round_.team.slug, session.pk])

    def repeats_what_it_was_given(words, *_, **__):
        raise RuntimeError(f"Cannot take out {words}")

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "take_out", repeats_what_it_was_given)
        patch.setattr(erasure.Round.objects.__class__, "due", lambda _: [round_])
        assert client.post(withdraw).status_code == 500
        keep_promises.apply()
    assert client.post(withdraw).status_code == 302

    failures = [line for line in map(json.loads, logged().splitlines()) if line["level"] == "error"]
    assert [one["error"]["type"] for one in failures] == ["RuntimeError", "RuntimeError"]
    assert "ZZPII" not in logged()
    round_.refresh_from_db()
    round_.edit(by=None, groups="")
    assert everywhere("ZZPII") == []


def test_a_message_to_a_worker_says_only_what_to_do(told_over_the_web, broker):
    for one in settings.CELERY_BEAT_SCHEDULE.values():
        current_app.send_task(one["task"], queue=QUEUE)

    messages = [json.loads(one) for one in broker.lrange(QUEUE, 0, -1)]
    assert len(messages) == len(settings.CELERY_BEAT_SCHEDULE)
    for one in messages:
        args, kwargs, _ = json.loads(base64.b64decode(one["body"]))
        assert (args, kwargs) == ([], {})
        assert "ZZPII" not in json.dumps(one["headers"])
