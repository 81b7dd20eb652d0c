"""The embedded PostgreSQL 18: reachable over a unix socket in a closed folder, and by no other way."""

import shutil
import signal
import subprocess
import time
from urllib.parse import quote

import psycopg
from psycopg import sql

from config.embedded import binaries, processes
from config.embedded.trouble import Trouble

NAME = "throughline"
STARTS_WITHIN = 60  # seconds; replaying what a killed server had not yet written takes some
# The same order of text on every machine, and the same as in production.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
# The closed folder of the socket is the lock on the door.
INITDB = ["--username=postgres", "--auth=trust", "--data-checksums", *LOCALE]
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "log_timezone": "UTC",
    # The server log must not keep people's words.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# A test session's data does not outlive the session, let alone a power cut; several workers test crowds at once.
FORGETFUL = {"fsync": "off", "synchronous_commit": "on", "full_page_writes": "off", "max_connections": "300"}


def start(place, *, durable=True):
    data = place.servers / "postgresql-18"
    if not data.exists():
        _create(place, data, durable)
    _forget_stale_pid_file(data)
    settings = SETTINGS | (DURABLE if durable else FORGETFUL)
    settings |= {"unix_socket_directories": f'"{place.sockets}"'}
    options = [f"--{name}={value}" for name, value in settings.items()]
    part = processes.start(
        place,
        "postgresql",
        [binaries.postgres("postgres"), "-D", data, *options],
        stop_signal=signal.SIGINT,  # "fast": roll back what is open, write everything down, go
        **place.as_server(),
    )
    try:
        with _connected_as_superuser(place, part) as connection:
            _ensure_role_and_database(connection)
    except BaseException:
        part.stop()
        raise
    return part


def url(place):
    return f"postgres://{NAME}@{quote(str(place.sockets), safe='')}/{NAME}"


def _create(place, data, durable):
    """All or nothing: a folder gets the final name only when initdb has finished."""
    draft = data.with_name("postgresql-18.draft")
    if draft.exists():
        shutil.rmtree(draft)
    options = INITDB if durable else [*INITDB, "--no-sync"]
    initdb = subprocess.run(
        [binaries.postgres("initdb"), "-D", draft, *options],
        capture_output=True,
        text=True,
        check=False,
        **place.as_server(),
    )
    if initdb.returncode:
        last_words = initdb.stderr.strip().splitlines()[-1:]
        raise Trouble(f"PostgreSQL could not create its data folder {data}: {' '.join(last_words)}")
    draft.rename(data)


def _forget_stale_pid_file(data):
    """Whoever may still run here has been stopped before. PostgreSQL itself would take a number that another
    program has been given since for a living server, and refuse to start."""
    (data / "postmaster.pid").unlink(missing_ok=True)


def _connected_as_superuser(place, part):
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return psycopg.connect(host=str(place.sockets), user="postgres", dbname="postgres", autocommit=True)
        except psycopg.OperationalError:
            if part.has_ended or time.monotonic() > deadline:
                raise Trouble(f"PostgreSQL did not start; {part.log} says why.") from None
            time.sleep(0.05)


def _ensure_role_and_database(connection):
    """The product's role owns its database and may create another one, for tests; it is no superuser."""
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [NAME]).fetchone() is None:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(NAME)))
    if connection.execute("SELECT FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
        connection.execute(sql.SQL("CREATE DATABASE {0} OWNER {0}").format(sql.Identifier(NAME)))
