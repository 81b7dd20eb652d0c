"""P24: a restart of PostgreSQL costs no write that somebody was told is saved."""

import signal
import threading
import time
from contextlib import contextmanager
from http.client import HTTPException

import pytest

from tests.soak import in_soak

pytestmark = pytest.mark.faults
WRITERS = 4
READERS = 4
BACK_IN_TIME = 2.5  # seconds: the pool tries a third time after three, and gives up after five
LIST = "/teams/housing/opportunities/"
HOW = pytest.mark.parametrize("how", [signal.SIGQUIT, *in_soak([signal.SIGINT])], ids=lambda how: how.name)


class Writer(threading.Thread):
    """Adds one opportunity after the other and remembers what it was told of each."""

    def __init__(self, person, number):
        super().__init__(daemon=True)
        self.person, self.number = person, number
        self.confirmed, self.refused, self.on = set(), [], True

    def run(self):
        for turn in range(100_000):
            if not self.on:
                return
            title = f"Written by {self.number} in turn {turn}"
            status = self.ask(title)
            if status == 302:
                self.confirmed.add(title)
            else:
                self.refused.append((time.monotonic(), status))

    def ask(self, title):
        try:
            return self.person.add_opportunity(title)
        except (OSError, HTTPException) as problem:
            return type(problem).__name__


@HOW
def test_p24_no_confirmed_write_is_lost(rig, person, how):
    writers = [Writer(person, f"{how.name} {number}") for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        time.sleep(1)
        rig.restart_postgres(how)
        back, before = time.monotonic(), confirmed_by(writers)
    rig.seconds_until(lambda: confirmed_by(writers) > before, 20)
    for writer in writers:
        writer.on = False
        writer.join()

    saved = {title for (title,) in rig.query("SELECT title FROM backlog_opportunity")}
    confirmed = set().union(*(writer.confirmed for writer in writers))
    refused = [answer for writer in writers for answer in writer.refused]
    print(f"{how.name}: {len(confirmed)} confirmed, {len(refused)} refused: {[what for _, what in refused]}")
    assert confirmed <= saved
    assert before
    assert all(at - back < 5 for at, _ in refused)


def confirmed_by(writers):
    return sum(len(writer.confirmed) for writer in writers)


@HOW
def test_p24_whoever_reads_meanwhile_gets_the_page(rig, person, how):
    """Of a server that is back before they are told to come again, which a busy machine may need more than one try
    for."""
    for _ in range(5):
        with everybody_reading(rig, person) as answers:
            began = time.monotonic()
            rig.restart_postgres(how)
            back = time.monotonic() - began
        if back < BACK_IN_TIME:
            break

    assert answers == [200] * READERS


@HOW
def test_p24_who_comes_next_does_not_wait_for_each_dead_connection(rig, person, how):
    with everybody_reading(rig, person) as answers:
        pass
    rig.restart_postgres(how)
    began = time.monotonic()

    assert person.get(LIST) == 200
    assert time.monotonic() - began < 2.5
    assert answers == [200] * READERS


@contextmanager
def everybody_reading(rig, person):
    """As many as the web server serves at once wait for a table, each on a connection, until the block ends."""
    answers = []
    person.get(LIST)  # the first takes longest
    readers = [threading.Thread(target=lambda: answers.append(person.get(LIST))) for _ in range(READERS)]
    with rig.locked("backlog_opportunity"):
        for reader in readers:
            reader.start()
        rig.seconds_until(lambda: rig.waiting() == READERS, 20)
        yield answers
    for reader in readers:
        reader.join()
