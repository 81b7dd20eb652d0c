"""P25: without Valkey every page works, and a letter is late at most."""

import os
import signal
import statistics
import time
from contextlib import contextmanager

import pytest
import redis

from config.embedded.services import addresses
from tests.faults.rig import end
from tests.faults.site import site

pytestmark = pytest.mark.faults
CELERY = ["-m", "celery", "--app", "config.celery"]
WAKE_UP = 10  # seconds between two of them
RECOVERY = 20  # more, for beat and worker to find the broker again; the promise is five minutes


@pytest.fixture(scope="module")
def post_office(rig):
    """A real worker, a real beat and a mail server that takes everything."""
    with rig.mail_server({}, seed=1) as (port, _):
        address = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        schedule = str(rig.place.state / "beat-schedule")
        with (rig.place.state / "log" / "celery.log").open("w") as log:
            where = {"environment": address, "stdout": log, "stderr": log}
            worker = rig.python(*CELERY, "worker", "--concurrency", "1", "--loglevel", "warning", **where)
            beat = rig.python(*CELERY, "beat", "--pidfile", "", "--schedule", schedule, **where)
        try:
            rig.queue(1)
            rig.seconds_until(lambda: not rig.unsettled(), 60)
            yield rig
        finally:
            end(beat)
            end(worker)


@contextmanager
def closed(rig):
    rig.stop_valkey()
    yield
    rig.start_valkey()


@contextmanager
def frozen(rig):
    os.kill(rig.valkey.pid, signal.SIGSTOP)
    yield
    os.kill(rig.valkey.pid, signal.SIGCONT)


@contextmanager
def flushed(rig):
    with broker(rig) as valkey:
        valkey.flushall()
    yield


def broker(rig):
    return redis.Redis.from_url(addresses(rig.place)["BROKER_URL"].replace("redis+socket", "unix"))


def test_a_letter_leaves_with_the_next_wake_up(post_office):
    post_office.queue(1)

    assert post_office.seconds_until(lambda: not post_office.unsettled(), 120) < WAKE_UP + RECOVERY


@pytest.mark.parametrize("trouble", [closed, frozen, flushed], ids=lambda trouble: trouble.__name__)
def test_p25_a_letter_is_late_at_most(post_office, trouble):
    with trouble(post_office):
        post_office.queue(1)
        time.sleep(3)

    late = post_office.seconds_until(lambda: not post_office.unsettled(), 120)
    assert late < WAKE_UP + RECOVERY
    assert set(post_office.states().values()) == {"sent"}


def test_p25_pages_work_without_the_broker(rig):
    with site(rig) as person:
        usual = use_pages(person)
        for trouble in (closed, frozen):
            with trouble(rig):
                added = statistics.median(use_pages(person)) - statistics.median(usual)
            print(f"Valkey {trouble.__name__}: {added * 1000:+.0f} ms per request")
            assert added < 1  # one that waited for Valkey would take at least its time limit, two seconds


def test_p25_pages_do_not_speak_to_the_broker(rig):
    with site(rig) as person, broker(rig) as valkey:
        before = valkey.info("stats")["total_connections_received"]
        used = use_pages(person)

        # A clock or worker of an earlier test may still be coming back; a page that spoke would add one each.
        assert valkey.info("stats")["total_connections_received"] - before < len(used) / 2


def use_pages(person):
    """How long each request took."""
    took = []
    for _ in range(10):
        for ask, wanted in ((read, 200), (write, 302)):
            began = time.perf_counter()
            assert ask(person) == wanted
            took.append(time.perf_counter() - began)
    return took


def read(person):
    return person.get("/teams/housing/opportunities/")


def write(person):
    return person.add_opportunity("Letters arrive late")
