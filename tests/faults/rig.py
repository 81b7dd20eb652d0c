"""Real servers, a real mail server and real workers, to be killed. Driven over SQL, so that nothing under test
reports on itself."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import psycopg

from config.embedded import postgres, valkey
from config.embedded.place import CHECKOUT, Place
from config.embedded.services import addresses, services

LEASE = 2  # seconds; a machine with other things to do may stand still for one
SMTP_TIMEOUT = 2
MIGRATE = "import django; django.setup(); from django.core.management import call_command as do; "
MIGRATE += "do('migrate', verbosity=0); do('createcachetable')"


class Rig:
    """PostgreSQL that survives a crash, Valkey, and what workers need to know of them."""

    def __init__(self, place, parts):
        self.place, (self.postgres, self.valkey) = place, parts
        self.environment = os.environ | addresses(place)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_POOL": "off",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "EMAIL_TIMEOUT": str(SMTP_TIMEOUT),
            "DEMO": "off",
        }
        self.python("-c", MIGRATE).wait()

    def python(self, *arguments, **options):
        """A process of its own session, so that killing it takes its children along."""
        environment = self.environment | options.pop("environment", {})
        command = [sys.executable, "-W", "ignore", *arguments]
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, start_new_session=True, **options)

    def query(self, sql, *values):
        with psycopg.connect(addresses(self.place)["DATABASE_URL"], autocommit=True) as connection:
            found = connection.execute(sql, values)
            return found.fetchall() if found.description else found.rowcount

    def restart_postgres(self, how=signal.SIGQUIT):
        """SIGQUIT is "immediate": no good-byes, and recovery at the next start. SIGINT is "fast"."""
        self.postgres.popen.send_signal(how)
        self.postgres.popen.wait()
        self.postgres = postgres.start(self.place)

    def stop_valkey(self):
        self.valkey.popen.kill()
        self.valkey.wait()

    def start_valkey(self):
        self.valkey = valkey.start(self.place)

    def queue(self, letters):
        self.query("TRUNCATE teams_outgoingmail")
        self.query(
            """INSERT INTO teams_outgoingmail (kind, "to", subject, text, html, headers, secret, state, made_at,
                   not_before, give_up_at, attempts, problem)
               SELECT 'test', 'person-' || n || '@ambleford.example', 'Letter ' || n, 'Dear reader', '', '{}', false,
                   'waiting', now(), now(), now() + '1 hour'::interval, 0, '' FROM generate_series(1, %s) AS n""",
            letters,
        )

    def hurry(self):
        """Letters that were told to wait need not."""
        return self.query("UPDATE teams_outgoingmail SET not_before = now() WHERE not_before > now()")

    def unsettled(self):
        return self.query("SELECT count(*) FROM teams_outgoingmail WHERE state IN ('waiting', 'claimed', 'data')")[0][0]

    def seconds_until(self, condition, at_most):
        began = time.monotonic()
        while not condition():
            assert time.monotonic() - began < at_most, f"Not within {at_most} s"
            time.sleep(0.1)
        return time.monotonic() - began

    def hands(self):
        """How many batches are being sent."""
        return self.query("SELECT count(DISTINCT claim) FROM teams_outgoingmail WHERE state IN ('claimed', 'data')")[0][
            0
        ]

    def states(self):
        """Message id → state."""
        rows = self.query(
            """SELECT '<letter-' || id || '-' || to_char(made_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS')
                   || '@localhost>', state FROM teams_outgoingmail"""
        )
        return dict(rows)

    @contextmanager
    def mail_server(self, faults, seed):
        ledger = self.place.state / f"ledger-{uuid.uuid4().hex}"
        sink = self.python("-m", "tests.faults.sink", ledger, str(seed), json.dumps(faults), stdout=subprocess.PIPE)
        try:
            yield int(sink.stdout.readline()), ledger
        finally:
            end(sink)

    @contextmanager
    def workers(self, port, count=2, fenced=True):
        environment = {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        arguments = ["-m", "tests.faults.worker", *([] if fenced else ["unfenced"])]
        started = [self.python(*arguments, environment=environment) for _ in range(count)]
        try:
            yield started
        finally:
            for worker in started:
                end(worker)


@contextmanager
def rig():
    place = Place(f"test-{os.getpid()}-{uuid.uuid4().hex[:6]}")
    running = None
    try:
        with services(place) as parts:
            running = Rig(place, parts)
            yield running
            running.postgres.stop()  # those of now: a test may have started them anew
            running.valkey.stop()
    finally:
        place.remove()


def child_of(process):
    """The pid that does the work, or None between a death and the next fork."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else None


def end(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout:
        process.stdout.close()
