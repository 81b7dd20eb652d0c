"""Django's database sessions, with the person in a column of their own."""

import datetime as dt

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from teams.prepared import prepared

BROWSERS = [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
]


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls):
        from teams.models import Session

        return Session

    def _get_session_from_db(self):
        """As Django has it, but prepared: each page asks."""
        for row in _session(self.session_key):
            if row.expire_date > timezone.now():
                return row
        self._session_key = None

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        row.browser = data.get("browser", "")
        if "signed_in_at" in data:
            row.signed_in_at = dt.datetime.fromtimestamp(data["signed_in_at"], dt.UTC)
        return row

    def step_aside(self, moment, *, but):
        """Go on under a new key. For a moment the old one still knows what `but` names, and nobody's account."""
        old, kept = self.session_key, {name: self[name] for name in but if name in self}
        self.create()
        self.model.objects.filter(pk=old).update(
            session_data=self.encode(kept),
            expire_date=timezone.now() + moment,
            user=None,
            browser="",
            signed_in_at=None,
        )


@prepared
def _session(key: str):
    return SessionStore.get_model_class().objects.filter(session_key=key)


def describe_browser(user_agent: str) -> str:
    """Enough to recognise one's own: "Chrome on Windows". The rest of the header is not kept."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser
