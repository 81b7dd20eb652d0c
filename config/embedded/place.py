"""Where the servers of a checkout live, and as whom they run.

An ordinary user has everything in `.run/` inside the checkout. PostgreSQL refuses to run as root, and an
unprivileged user often cannot reach a checkout that belongs to root; opening folders for it would expose them
to everybody. So root, and only root, gets one private folder below /var/lib for the server binaries, their
data and their sockets.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.embedded.trouble import Trouble

CHECKOUT = Path(__file__).resolve().parents[2]
RUN = CHECKOUT / ".run"
FINGERPRINT = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()
PRIVATE = Path("/var/lib") / f"throughline-{FINGERPRINT[:8]}"
UNPRIVILEGED = "nobody"
# A group with no other member, from the range that Debian gives to no one, so that other programs which also
# run as "nobody" cannot enter the private folder.
PRIVATE_GROUP = 60_000 + int(FINGERPRINT[:8], 16) % 5_000
LONGEST_SOCKET_PATH = 107  # what the kernel has room for, in bytes
LONGEST_SOCKET_NAME = "/.s.PGSQL.5432"


class AlreadyRunning(Trouble):
    def __str__(self):
        return "This checkout is already running: stop it first, with Ctrl-C where it runs."


def is_root():
    return os.geteuid() == 0


@dataclass(frozen=True)
class Place:
    """One set of servers: "run" for `make run`, "test-<pid>" for a test session."""

    name: str

    @property
    def state(self):
        """What is ours: lock, logs, process records, beat's schedule."""
        return RUN / self.name

    @property
    def servers(self):
        """What belongs to PostgreSQL and Valkey."""
        return PRIVATE / self.name if is_root() else self.state

    @property
    def sockets(self):
        inside = self.servers / "sockets"
        if len(os.fsencode(inside)) + len(LONGEST_SOCKET_NAME) <= LONGEST_SOCKET_PATH:
            return inside
        return Path(tempfile.gettempdir()) / f"throughline-{os.geteuid()}-{FINGERPRINT[:8]}-{self.name}"

    def prepare(self):
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self.state / "log").mkdir(exist_ok=True)
        if is_root():
            self._prepare_private_folder()
        make_closed_folder(self.sockets)

    def _prepare_private_folder(self):
        PRIVATE.mkdir(mode=0o700, exist_ok=True)
        os.chown(PRIVATE, 0, PRIVATE_GROUP)
        PRIVATE.chmod(0o710)
        make_closed_folder(self.servers)

    def remove(self):
        for folder in {self.sockets, self.servers, self.state}:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def claimed(self):
        """Hold the place for this process. The kernel lets go of it when we die, however we die."""
        self.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.state / "lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning from None
            yield self

    def as_server(self):
        """How subprocess starts a server here: closed files, a neutral folder and, for root, fewer rights."""
        options = {"cwd": "/", "umask": 0o077, "env": {"LC_ALL": "C", "TZ": "UTC", "PATH": os.defpath}}
        if is_root():
            options |= {"user": UNPRIVILEGED, "group": PRIVATE_GROUP, "extra_groups": []}
        return options


def make_closed_folder(path):
    """A folder that only the servers' user can enter. What somebody else put there is refused, not used."""
    path.mkdir(mode=0o700, exist_ok=True)
    if is_root():
        shutil.chown(path, UNPRIVILEGED, PRIVATE_GROUP)
    found = path.lstat()
    ours = is_root() or found.st_uid == os.geteuid()
    if not (stat.S_ISDIR(found.st_mode) and ours and stat.S_IMODE(found.st_mode) == 0o700):
        raise Trouble(f"The folder {path} is open to others or not ours: remove it and start again.")
