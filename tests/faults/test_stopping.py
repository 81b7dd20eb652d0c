"""P29: a web server that is told to stop, as a new version does, leaves nobody in doubt."""

import signal
import time

import pytest

from tests.faults.site import site
from tests.faults.test_database_restarts import Writer

pytestmark = pytest.mark.faults
REFUSED = {"ConnectionRefusedError", "ConnectionResetError"}  # nothing was read: a proxy asks the next server


def test_p29_what_was_begun_is_answered_and_the_rest_is_not_taken(rig, signed_in):
    with site(rig, signed_in) as person:
        writers = [Writer(person, f"before a stop {number}") for number in range(4)]
        for writer in writers:
            writer.start()
        rig.seconds_until(lambda: all(writer.confirmed for writer in writers), 20)
        told = time.monotonic()
        person.server.send_signal(signal.SIGTERM)
        assert person.server.wait(30) == 0
        took = time.monotonic() - told
        for writer in writers:
            writer.on = False
            writer.join()

    like = "SELECT title FROM backlog_opportunity WHERE title LIKE %s"
    print(f"stopped in {took:.1f} s")
    assert {title for (title,) in rig.query(like, "Written by before a stop%")} == set().union(
        *(writer.confirmed for writer in writers)
    )
    assert {what for writer in writers for _, what in writer.refused} <= REFUSED
