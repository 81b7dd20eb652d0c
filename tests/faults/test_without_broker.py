"""P25: without Valkey every page works, and a letter is late at most."""

import os
import signal
import statistics
import time
from collections import Counter
from contextlib import contextmanager

import pytest
import redis

from config.embedded.services import addresses
from tests.faults import work
from tests.faults.outcome import Outcome
from tests.faults.processes import end
from tests.faults.scenarios import PEOPLE, TEAMS

pytestmark = pytest.mark.faults
CELERY = ["-m", "celery", "--app", "tests.faults.quick_celery"]
RECOVERY = 60  # seconds, for beat and worker to find the broker again; the promise is five minutes


@pytest.fixture(scope="module")
def post_office(rig):
    """A real beat, a real worker with two hands and a mail server that takes everything."""
    with rig.mail_server({}, seed=1) as sink:
        address = {"EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
        schedule = str(rig.place.state / "beat-schedule")
        with (rig.place.state / "log" / "celery.log").open("w") as log:
            where = {"environment": address, "stdout": log, "stderr": log}
            worker = rig.python(*CELERY, "worker", "--concurrency", "2", "--loglevel", "warning", **where)
            beat = rig.python(*CELERY, "beat", "--pidfile", "", "--schedule", schedule, **where)
        try:
            yield rig, sink
        finally:
            end(beat)
            end(worker)


@contextmanager
def at_work(rig):
    yield


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


@pytest.mark.parametrize("trouble", [at_work, closed, frozen, flushed], ids=lambda trouble: trouble.__name__)
def test_p25_a_digest_is_late_at_most(post_office, figures, trouble):
    """Its hour comes while the broker is in trouble, and its letters leave afterwards."""
    rig, sink = post_office
    with trouble(rig):
        rig.do(work.begin_anew, TEAMS, PEOPLE)
        time.sleep(2)

    late = rig.seconds_until(lambda: all_went(rig), RECOVERY)
    outcome = figures(Outcome(f"F4 Valkey {trouble.__name__}", rig.states(), sink.events(), Counter(), late))
    outcome.check()
    assert len(outcome.in_state("sent")) == TEAMS * PEOPLE


def all_went(rig):
    rig.hurry()
    return rig.morning_runs() == TEAMS and not rig.unsettled()


def test_p18_what_beat_and_worker_wrote_into_their_log_names_nobody(post_office):
    rig, _ = post_office
    file = rig.place.state / "log" / "celery.log"
    with closed(rig):
        rig.do(work.begin_anew, TEAMS, PEOPLE)
        rig.seconds_until(lambda: "Cannot connect to" in file.read_text(), RECOVERY)
    rig.seconds_until(lambda: all_went(rig), RECOVERY)

    log = file.read_text()
    people = rig.query("SELECT email FROM teams_user UNION SELECT name FROM teams_user")
    things = rig.query("SELECT title FROM sprints_blocker UNION SELECT subject FROM teams_outgoingmail")
    assert len(people) > PEOPLE and things and not [one for (one,) in people + things if one in log]


def test_p25_pages_work_without_the_broker(rig, person):
    usual = statistics.median(use_pages(person))
    for trouble in (closed, frozen):
        with trouble(rig):
            added = statistics.median(use_pages(person)) - usual
        print(f"Valkey {trouble.__name__}: {added * 1000:+.0f} ms per request")
        assert added < 1  # one that waited for Valkey would take at least its time limit, two seconds


def test_p25_pages_do_not_speak_to_the_broker(rig, person):
    with broker(rig) as valkey:
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
