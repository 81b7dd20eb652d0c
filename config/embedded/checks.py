"""What can be wrong with a machine, each as one plain sentence."""

import errno
import re
import shutil
import socket

from config.embedded.trouble import Trouble

NEEDED_MB = 200  # to start with; PostgreSQL alone keeps up to 80 MB of write-ahead log for an idle product
FULL_MB = 20  # one file of write-ahead log, and a little: stop in order before PostgreSQL has to


def port(text):
    if not (re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65_536):
        raise Trouble(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def insist_on_free_port(number):
    """On both loopback addresses: a browser that is sent to localhost may try either first."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, number))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"Port {number} is taken by another program. Choose another: PORT={another_than(number)} make run"
                ) from None
            if problem.errno == errno.EACCES:
                raise Trouble(f"Port {number} is reserved for root. Choose another: PORT=8000 make run") from None


def another_than(number):
    return 9000 if number != 9000 else 9001


def insist_on_room(place):
    for folder in (place.state, place.servers):
        free = _free_mb(folder)
        if free < NEEDED_MB:
            raise Trouble(f"The disk that holds {folder} is full: {free} MB are free, {NEEDED_MB} MB are needed.")


def is_full(place):
    return any(_free_mb(folder) < FULL_MB for folder in (place.state, place.servers))


def sentence_about(problem):
    """For an OSError that nobody expected."""
    where = f" ({problem.filename})" if problem.filename else ""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk is full{where}: make room and start again."
    return f"The machine refused{where}: {problem.strerror}."


def _free_mb(folder):
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 1_000_000
