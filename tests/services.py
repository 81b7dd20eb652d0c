"""A PostgreSQL and a Valkey of its own for every test session, started before Django reads its settings.

A pytest plugin (named in pyproject.toml) rather than a conftest.py, because pytest-django loads the settings
before any conftest.py is read. The workers of pytest-xdist inherit the addresses and make own databases.
"""

import os
import signal
from contextlib import ExitStack

import pytest

from config.embedded.place import RUN, AlreadyRunning, Place
from config.embedded.processes import stop_what_was_left
from config.embedded.services import addresses, services
from tests import tables


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a polite kill stops the servers too
        early_config.add_cleanup(start_servers())
    return (yield)


def start_servers():
    """Start the servers of this session and return what stops and removes them."""
    remove_what_killed_sessions_left()
    place = Place(f"test-{os.getpid()}")
    running = ExitStack()
    running.callback(place.remove)
    running.enter_context(place.claimed())
    tables.copy_to(place)
    running.enter_context(services(place, durable=False))
    os.environ |= addresses(place)
    return running.close


def remove_what_killed_sessions_left():
    for folder in RUN.glob("test-*"):
        left = Place(folder.name)
        try:
            with left.claimed():
                stop_what_was_left(left)
                left.remove()
        except AlreadyRunning:
            continue
