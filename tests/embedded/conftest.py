import os
import time
import uuid

import pytest

from config.embedded.place import Place
from config.embedded.processes import stop_what_was_left


@pytest.fixture
def place():
    """A place of the test's own. A session that is killed leaves it to the next one to clear away."""
    place = Place(f"test-{os.getpid()}-{uuid.uuid4().hex[:6]}")
    with place.claimed():
        yield place
        stop_what_was_left(place)
    place.remove()


@pytest.fixture
def eventually():
    def wait(condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not (found := condition()):
            assert time.monotonic() < deadline, "It did not happen in time"
            time.sleep(0.02)
        return found

    return wait
