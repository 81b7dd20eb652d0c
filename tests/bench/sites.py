"""The product as in production, and the floor: two web servers on the same data, and what they cost."""

import http.client
import os
import socket
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

from config.embedded import processes, product
from config.embedded.place import CHECKOUT
from config.embedded.trouble import Trouble

TICK = os.sysconf("SC_CLK_TCK")
CSRF = "b" * 32
FLOOR = ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "2", "config.wsgi", "--bind"]


@dataclass
class Site:
    """A web server that was started, and PostgreSQL behind it."""

    port: int
    pid: int
    postgres: int

    def cpu(self) -> float:
        """Seconds of CPU spent so far by the workers and by the PostgreSQL that served them, the dead included."""
        backends = [pid for pid in children(self.postgres) if b"postgres: throughline" in command(pid)]
        living = sum(map(own, [self.pid, *children(self.pid), *backends]))
        return (living + of_the_dead(self.pid) + of_the_dead(self.postgres)) / TICK

    def memory(self) -> float:
        """MiB of the server's processes, what they share counted once."""
        found = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in [self.pid, *children(self.pid)]]
        return sum(int(text.partition("\nPss:")[2].split()[0]) for text in found) / 1024


@contextmanager
def site(place, name, port, environment, postgres):
    """One of the two, for as long as the block lasts."""
    if name == "product":
        (web,) = (part for part in product.parts(place) if part.name == "web")
        argv, extra = web.argv, web.environment
    else:
        argv, extra = [sys.executable, "-m", *FLOOR, f"127.0.0.1:{port}"], {}
        extra = {"DJANGO_SETTINGS_MODULE": "tests.bench.floor"}
    environment = environment | extra | {"WEB_BIND": f"127.0.0.1:{port}"}
    part = processes.start(place, name, argv, cwd=CHECKOUT, env=environment)
    try:
        _wait_until_it_answers(part, port)
        yield Site(port, part.pid, postgres)
    finally:
        part.stop()


def _wait_until_it_answers(part, port):
    for _ in range(300):
        try:
            return urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5).close()
        except HTTPError:  # an answer, too
            return None
        except OSError:
            if part.has_ended:
                break
            time.sleep(0.1)
    raise Trouble(f"The server “{part.name}” does not answer; {part.log} says why.")


@dataclass
class Browser:
    """One signed-in person on one connection, which stays open."""

    site: Site
    session: str
    cookies: dict = field(default_factory=dict)

    def __post_init__(self):
        self.cookies = {"session": self.session, "sessionid": self.session, "csrf": CSRF, "csrftoken": CSRF}
        self.connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)

    def reconnect(self):
        """The server hangs up on who was silent for two seconds."""
        self.connection.close()

    def ask(self, ask):
        """(seconds, bytes) of one answer; anything but 200 ends the measurement."""
        headers = {
            "Host": f"localhost:{self.site.port}",
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()),
        }
        body = None
        if ask.data is not None:
            headers |= {"X-CSRFToken": CSRF, "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
            body = urlencode(ask.data)
        began = time.perf_counter()
        self.connection.request("GET" if body is None else "POST", ask.path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        if answer.status != 200:
            raise Trouble(f"{ask} was answered with {answer.status}: {content[:2000]!r}")
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(cookie).items()}
        return took, len(content)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- What Linux says of processes


def children(pid) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid) -> bytes:
    return _read(f"/proc/{pid}/cmdline")


def own(pid) -> int:
    return sum(_times(pid)[:2])


def of_the_dead(pid) -> int:
    """What children had used that ended and were waited for: recycled workers, parallel queries."""
    return sum(_times(pid)[2:])


def _times(pid):
    return [int(word) for word in _read(f"/proc/{pid}/stat").rpartition(b")")[2].split()[11:15]] or [0] * 4


def _read(path) -> bytes:
    """Nothing where the process has gone meanwhile."""
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
