"""The real web server on the rig, and a person who is signed in."""

import http.client
import socket
import subprocess
import time
import uuid
from contextlib import contextmanager, suppress
from urllib.parse import urlencode

from tests.faults.rig import end

PERSON = """
import django; django.setup()
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.factories import MembershipFactory, TeamFactory
from teams.models import Team
from django.utils import timezone
team = Team.objects.filter(slug="housing").first() or TeamFactory(name="Housing", slug="housing", prefix="HOU")
user = MembershipFactory(team=team, role="product_owner", user__email=f"{timezone.now().timestamp()}@a.example").user
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
session["signed_in_at"] = timezone.now().timestamp()
session.create()
print(session.session_key)
"""


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
def site(rig):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = {"WEB_BIND": f"127.0.0.1:{port}", "SITE_URL": f"http://localhost:{port}", "DATABASE_POOL": "on"}
    made = rig.python("-c", PERSON, stdout=subprocess.PIPE, text=True)
    session = made.communicate()[0].strip()
    with (rig.place.state / "log" / "web.log").open("w") as log:
        command = ["-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
        server = rig.python(*command, environment=address, stderr=log, stdout=log)
    try:
        person = Person(port, session)
        for _ in range(600):
            with suppress(OSError):
                if person.get("/health/live") == 200:
                    break
            time.sleep(0.1)
        yield person
    finally:
        end(server)
