import errno
import shutil
import socket
from collections import namedtuple

import pytest

from config.embedded import checks
from config.embedded.run import insist_that_all_is_well
from config.embedded.trouble import Trouble

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8000 ", "٨٠٠٠", "1" * 5000])
def test_a_port_that_is_none_is_refused_in_a_sentence(text):
    with pytest.raises(Trouble, match="PORT must be a number from 1 to 65535"):
        checks.port(text)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1"])
def test_a_taken_port_is_named_with_a_way_out(address):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as taken:
        try:
            taken.bind((address, 0))
        except OSError as problem:
            assert address == "::1" and problem.errno == errno.EADDRNOTAVAIL  # a machine without IPv6
            return
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Trouble, match=rf"Port {port} is taken .* PORT=9000 make run"):
            checks.insist_on_free_port(port)


def test_a_port_that_was_just_let_go_is_free():
    with socket.socket() as earlier:
        earlier.bind(("127.0.0.1", 0))
        port = earlier.getsockname()[1]

    checks.insist_on_free_port(port)


def test_a_full_disk_is_noticed_before_anything_starts(place, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 3 * 10**6))

    with pytest.raises(Trouble, match="is full: 3 MB are free, 200 MB are needed"):
        checks.insist_on_room(place)
    assert checks.is_full(place)


def test_a_disk_that_fills_up_stops_everything(place, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 3 * 10**6))

    with pytest.raises(Trouble, match="is full, so everything stops"):
        insist_that_all_is_well(place, [])


def test_an_error_of_a_full_disk_is_said_in_a_sentence():
    problem = OSError(errno.ENOSPC, "No space left on device", "/srv/x")

    assert checks.sentence_about(problem) == "The disk is full (/srv/x): make room and start again."
