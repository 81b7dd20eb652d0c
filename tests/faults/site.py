"""The real web server on the rig, and a person who is signed in."""

import http.client
import socket
import time
import uuid
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

from tests.faults.processes import end

SECRET = "a" * 32  # both cookie and form hold it, which is all that the CSRF check wants to see


class Person:
    """Somebody with a browser of the simplest kind: each request over a connection of its own."""

    def __init__(self, port, session):
        self.port, self.session = port, session

    def get(self, path):
        return self._ask("GET", path)

    def add_opportunity(self, title):
        """The status of the answer: 302 confirms that it is saved."""
        fields = {
            "title": title,
            "earlier_participants": 0,
            "key": uuid.uuid4(),
            "csrfmiddlewaretoken": SECRET,
        }
        return self._ask("POST", "/teams/housing/opportunities/add/", urlencode(fields))

    def _ask(self, method, path, body=None):
        headers = {"Host": f"localhost:{self.port}", "Cookie": f"session={self.session}; csrf={SECRET}"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers)
            return connection.getresponse().status
        finally:
            connection.close()


@contextmanager
def site(rig, session):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = {"WEB_BIND": f"127.0.0.1:{port}", "SITE_URL": f"http://localhost:{port}"}
    address |= {"DATABASE_POOL": "on", "WEB_WORKERS": "1"}  # one pool for all
    with (rig.place.state / "log" / "web.log").open("w") as log:
        command = ["-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
        server = rig.python(*command, environment=address, stderr=log, stdout=log)
    try:
        person = Person(port, session)
        person.server = server
        for _ in range(600):
            with suppress(OSError):
                if person.get("/health/live") == 200:
                    break
            time.sleep(0.1)
        yield person
    finally:
        end(server)
