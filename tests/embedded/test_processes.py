import json
import os
import signal
import subprocess
import sys

import pytest

from config.embedded import processes

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
WITH_CHILD = "import subprocess, time; print(subprocess.Popen(['sleep', '60']).pid, flush=True); time.sleep(60)"


@pytest.fixture
def start(place):
    place.prepare()
    return lambda *argv, **options: processes.start(place, "part", argv, **options)


def record(place):
    return place.state / "parts" / "part.json"


def test_a_part_stops_when_asked_and_is_forgotten(start, place):
    part = start("sleep", "60")
    assert record(place).exists()

    part.stop()

    assert part.popen.returncode == -signal.SIGTERM
    assert not record(place).exists()


def test_a_part_that_will_not_stop_is_killed(start, eventually):
    part = start(sys.executable, "-c", STUBBORN)
    eventually(lambda: part.log.read_text() == "up\n")

    part.ask_to_stop()
    part.wait(patience=0.2)

    assert part.popen.returncode == -signal.SIGKILL


def test_a_part_takes_its_children_along(start, eventually):
    part = start(sys.executable, "-c", WITH_CHILD)
    child = int(eventually(lambda: part.log.read_text()))

    part.stop()

    eventually(lambda: processes.born(child) is None)


def test_ctrl_c_in_the_terminal_does_not_reach_a_part(start):
    part = start("sleep", "60")

    assert os.getsid(part.pid) == part.pid != os.getsid(0)
    part.stop()


def test_what_a_killed_start_has_left_is_stopped(start, place):
    part = start("sleep", "60")

    processes.stop_what_was_left(place)

    assert part.popen.wait(60) == -signal.SIGTERM
    assert not record(place).exists()


def test_a_stranger_who_got_the_number_is_left_alone(place):
    place.prepare()
    stranger = subprocess.Popen(["sleep", "60"])
    record(place).parent.mkdir()
    left = {"pid": stranger.pid, "born": "earlier", "stop_signal": signal.SIGKILL}
    record(place).write_text(json.dumps(left))

    processes.stop_what_was_left(place)

    assert stranger.poll() is None
    assert not record(place).exists()
    stranger.kill()
    stranger.wait()


def test_a_record_cut_short_by_the_kill_does_not_stop_the_next_start(place):
    place.prepare()
    record(place).parent.mkdir()
    record(place).write_text('{"pid": 12')

    processes.stop_what_was_left(place)

    assert not record(place).exists()
