"""Real servers and a real mail server, to be cut off from processes that may be killed. Driven over SQL, so that
nothing under test reports on itself."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager, suppress

import psycopg

from config.embedded import postgres, valkey
from config.embedded.place import CHECKOUT, Place
from config.embedded.services import addresses, services
from tests import tables
from tests.faults import certificates, processes
from tests.faults.processes import births, end

LEASE = 2  # seconds; a machine with other things to do may stand still for one
SMTP_TIMEOUT = 2


class Rig:
    """PostgreSQL that survives a crash, Valkey, and what processes need to know of them."""

    connection = None

    def __init__(self, place, parts):
        self.place, (self.postgres, self.valkey) = place, parts
        self.environment = os.environ | addresses(place)
        self.environment |= {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_POOL": "off",
            "MAIL_LEASE_SECONDS": str(LEASE),
            "EMAIL_TIMEOUT": str(SMTP_TIMEOUT),
            "DEMO": "off",
            "SSL_CERT_FILE": str(self.certificates / "trusted.pem"),
        }

    def begin_with_tables(self):
        """A copy of those that test databases begin with."""
        with psycopg.connect(self.address.removesuffix(postgres.NAME) + "postgres", autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {postgres.NAME}")
            connection.execute(f"CREATE DATABASE {postgres.NAME} TEMPLATE {tables.NAME}")

    @property
    def certificates(self):
        return self.place.state / "certificates"

    @property
    def address(self):
        return postgres.url(self.place)

    def python(self, *arguments, **options):
        """A program of its own session, so that killing it takes its children along."""
        environment = self.environment | options.pop("environment", {})
        command = [sys.executable, "-W", "ignore", *arguments]
        return subprocess.Popen(command, cwd=CHECKOUT, env=environment, start_new_session=True, **options)

    def do(self, work, *arguments):
        process = births.Process(target=work, args=arguments)
        process.start()
        process.join()
        assert process.exitcode == 0

    def query(self, sql, *values):
        if self.connection is None:
            self.connection = psycopg.connect(self.address, autocommit=True)
        found = self.connection.execute(sql, values)
        return found.fetchall() if found.description else found.rowcount

    def hang_up(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    @contextmanager
    def locked(self, table):
        """For nobody else to read, until the block ends or PostgreSQL does."""
        with suppress(psycopg.OperationalError), psycopg.connect(self.address) as connection:
            connection.execute(f"LOCK TABLE {table}")
            yield

    def waiting(self):
        """How many wait for a lock."""
        return self.query("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0]

    def restart_postgres(self, how=signal.SIGQUIT):
        """SIGQUIT is "immediate": no good-byes, and recovery at the next start. SIGINT is "fast"."""
        self.hang_up()
        self.postgres.popen.send_signal(how)
        self.postgres.popen.wait()
        self.postgres = postgres.start(self.place)

    def stop_valkey(self):
        self.valkey.popen.kill()
        self.valkey.wait()

    def start_valkey(self):
        self.valkey = valkey.start(self.place)

    def hurry(self):
        """Letters that were told to wait need not."""
        return self.query("UPDATE teams_outgoingmail SET not_before = now() WHERE not_before > now()")

    def morning_runs(self):
        return self.query("SELECT count(*) FROM sprints_digestrun")[0][0]

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
        sink = Sink(self, self.place.state / f"ledger-{uuid.uuid4().hex}", seed, faults)
        sink.open()
        try:
            yield sink
        finally:
            sink.close()


class Sink:
    """The mail server as its own process. It comes back at the same port, and goes on in the same ledger."""

    port = 0

    def __init__(self, rig, ledger, seed, faults):
        self.rig, self.ledger, self.arguments = rig, ledger, [str(ledger), str(seed), json.dumps(faults)]
        ledger.touch()

    def open(self):
        command = ["-m", "tests.faults.sink", *self.arguments, str(self.port)]
        self.process = self.rig.python(*command, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline())

    def close(self):
        end(self.process)
        self.process.stdout.close()

    def events(self):
        return [line.split() for line in self.ledger.read_text().splitlines()]


@contextmanager
def rig():
    place = Place(f"test-{os.getpid()}-{uuid.uuid4().hex[:6]}")
    try:
        with place.claimed():
            tables.copy_to(place)
            with services(place) as parts:
                running = Rig(place, parts)
                certificates.make(running.certificates)
                running.begin_with_tables()
                processes.begin(running.environment)
                yield running
                running.hang_up()
                running.postgres.stop()  # those of now: a test may have started them anew
                running.valkey.stop()
    finally:
        place.remove()
