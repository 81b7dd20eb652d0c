"""`make run` itself, with everything it starts, killed in the ways that machines and people kill things."""

import json
import os
import signal
import socket
import subprocess
import sys
import uuid

import psycopg
import pytest

from config.embedded import postgres
from config.embedded.place import CHECKOUT, Place
from config.embedded.processes import stop_what_was_left
from config.embedded.run import answers
from tests import tables

pytestmark = pytest.mark.faults
PARTS = {"postgresql", "valkey", "web", "worker", "long", "beat"}
UP_WITHIN = 120  # seconds, on a machine that does other things too


class Product:
    """`make run` in a place of its own, on a free port."""

    def __init__(self):
        self.place = Place(f"test-{os.getpid()}-run-{uuid.uuid4().hex[:6]}")
        self.port = free_port()
        self.environment = {"PORT": str(self.port), "RUN_NAME": self.place.name, "DEMO": "off"}

    def start(self):
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "config.embedded.run"],
            cwd=CHECKOUT,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self

    def read_until(self, words):
        read = ""
        for line in self.popen.stdout:
            read += line
            if words in line:
                return read
        pytest.fail(f"It ended before it said {words!r}:\n{read}")

    def ready(self):
        self.read_until("is ready")
        return self

    def kill_hard(self):
        self.popen.kill()
        self.popen.wait()
        self.popen.stdout.close()

    def stop(self, number):
        self.popen.send_signal(number)
        return self.last_words()

    def last_words(self):
        words, _ = self.popen.communicate(timeout=UP_WITHIN)
        return words

    def leaders(self):
        found = (self.place.state / "parts").glob("*.json")
        return {path.stem: json.loads(path.read_text())["pid"] for path in found}

    def clear_away(self):
        if self.popen.poll() is None:
            self.stop(signal.SIGTERM)
        with self.place.claimed():
            stop_what_was_left(self.place)
        self.place.remove()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def living_members(leaders):
    """Everyone in the sessions that the parts lead: their children included, whoever may have died."""
    listing = subprocess.run(["ps", "-eo", "sid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    processes = [line.split(None, 2) for line in listing.splitlines()]
    return [args for sid, state, args in processes if int(sid) in leaders and not state.startswith("Z")]


@pytest.fixture
def product():
    product = Product()
    yield product
    product.clear_away()


def test_it_serves_until_ctrl_c_and_leaves_nothing_behind(product):
    tables.copy_to(product.place)  # test_production makes them anew
    product.start().ready()
    leaders = product.leaders()
    assert set(leaders) == PARTS
    assert answers(product.port)

    words = product.stop(signal.SIGINT)

    assert product.popen.returncode == 0
    assert words.endswith("Stopped. Everything is saved.\n")
    assert living_members(leaders.values()) == []
    assert answers(product.port) is None


def test_a_start_after_a_kill_recovers_and_the_first_part_to_die_stops_all_others(product):
    """Two stories in one, because each start of the whole product costs a quarter of a minute."""
    tables.copy_to(product.place)
    product.start().ready()
    left = product.leaders()
    with psycopg.connect(postgres.url(product.place)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'committed' AS word")
    product.kill_hard()
    assert answers(product.port), "The parts should have outlived their supervisor"

    product.start().ready()

    assert living_members(left.values()) == []
    with psycopg.connect(postgres.url(product.place)) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("committed",)]

    leaders = product.leaders()
    os.kill(leaders["worker"], signal.SIGKILL)
    words = product.last_words()

    assert product.popen.returncode == 1
    assert "The part “worker” ended by itself, so everything stops." in words
    assert "Traceback" not in words
    assert living_members(leaders.values()) == []


def test_being_asked_to_stop_during_the_start_is_heard(product):
    product.start().read_until("Bringing the database up to date")
    leaders = product.leaders()

    product.stop(signal.SIGTERM)

    assert product.popen.returncode == 0
    assert living_members(leaders.values()) == []


def test_a_taken_port_is_said_before_anything_starts(product):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", product.port))
        taken.listen()

        words = product.start().last_words()

    assert product.popen.returncode == 1
    assert words == f"Port {product.port} is taken by another program. Choose another: PORT=9000 make run\n"


def test_a_second_start_in_the_same_checkout_is_refused(product):
    with product.place.claimed():
        words = product.start().last_words()

    assert product.popen.returncode == 1
    assert words == "This checkout is already running: stop it first, with Ctrl-C where it runs.\n"
