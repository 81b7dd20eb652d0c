"""The tables that every test database begins with: migrated once, and copied until a migration changes.

To migrate takes longer than most files of tests, and Django would do it again for every worker of every session.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

import psycopg

from config.embedded import postgres
from config.embedded.place import CHECKOUT, Place
from config.embedded.processes import stop_what_was_left

NAME = "tables"  # of the database that the test databases are copies of
KEPT = Place("tables")
MADE_FROM = ["*/migrations/*.py", "config/settings.py", "config/embedded/postgres.py", "uv.lock"]


def copy_to(place):
    """Give a place that was never started the data folder of a server that has them."""
    with _one_at_a_time():
        key = KEPT.state / "made-from"
        if not key.exists() or key.read_text() != _fingerprint():
            key.unlink(missing_ok=True)
            _make()
            key.write_text(_fingerprint())
        place.prepare()
        subprocess.run(["cp", "-a", KEPT.servers / "postgresql-18", place.servers], check=True)


@contextmanager
def _one_at_a_time():
    """As a place is claimed, but whoever comes second waits."""
    KEPT.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (KEPT.state / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fingerprint():
    found = hashlib.sha256()
    for path in sorted(path for pattern in MADE_FROM for path in CHECKOUT.glob(pattern)):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def _make():
    stop_what_was_left(KEPT)
    KEPT.prepare()
    shutil.rmtree(KEPT.servers / "postgresql-18", ignore_errors=True)
    server = postgres.start(KEPT, durable=False)
    try:
        with psycopg.connect(postgres.url(KEPT), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {NAME}")
        database = postgres.url(KEPT).removesuffix(postgres.NAME) + NAME
        environment = {**os.environ, "DATABASE_URL": database, "DATABASE_POOL": "off", "STATEMENT_TIMEOUT_MS": "0"}
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=CHECKOUT, env=environment, check=True)
    finally:
        server.stop()
