"""P24: a restart of PostgreSQL costs no write that somebody was told is saved."""

import signal
import threading
import time
from http.client import HTTPException

import pytest

from tests.faults.site import site

pytestmark = pytest.mark.faults
WRITERS = 4


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


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_p24_no_confirmed_write_is_lost(rig, how):
    with site(rig) as person:
        writers = [Writer(person, f"{how.name} {number}") for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        for _ in range(2):
            time.sleep(2)
            rig.restart_postgres(how)
            back, before = time.monotonic(), sum(len(writer.confirmed) for writer in writers)
        time.sleep(5)
        after = sum(len(writer.confirmed) for writer in writers) - before
        for writer in writers:
            writer.on = False
            writer.join()

    saved = {title for (title,) in rig.query("SELECT title FROM backlog_opportunity")}
    confirmed = set().union(*(writer.confirmed for writer in writers))
    refused = [answer for writer in writers for answer in writer.refused]
    print(f"{how.name}: {len(confirmed)} confirmed, {len(refused)} refused: {[what for _, what in refused]}")
    assert confirmed <= saved
    assert before
    assert after
    assert all(at - back < 5 for at, _ in refused)
