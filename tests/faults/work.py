"""What the processes of these tests do, for ever."""

import datetime as dt
import time
from contextlib import contextmanager
from itertools import chain, repeat

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from sprints.models import Blocker, DigestClock, DigestRun, DigestSettings
from sprints.morning import send_due
from teams.calendar import LOCAL, next_working_day
from teams.mail import send_waiting, sweep
from teams.models import OutgoingMail
from teams.sessions import SessionStore
from tests.factories import MembershipFactory, TeamFactory, raised_blocker

BATCH = 10
PAUSE = 0.2  # seconds


@transaction.atomic
def begin_anew(teams, people):
    """Nobody has looked yet, and each team has something that stands in its way."""
    for model in (OutgoingMail, DigestRun, DigestClock):
        model.objects.all().delete()
    for n in range(0 if Blocker.objects.exists() else teams):
        team = TeamFactory(slug=f"morning-{n}", prefix=f"{chr(65 + n // 26)}M{chr(65 + n % 26)}")
        members = [MembershipFactory(team=team, user__email=f"{n}-{m}@ambleford.example") for m in range(people)]
        raised_blocker(team, members[0].user)


def sign_in(slip):
    """A product owner, whose session is written on the slip. Their team gets no digest, so that nobody counts it."""
    team = TeamFactory(slug="housing", prefix="HOU", programme__slug="ambleford")
    DigestSettings.objects.create(team=team, is_on=False)
    user = MembershipFactory(team=team, role="product_owner", user__email="owner@ambleford.example").user
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["signed_in_at"] = timezone.now().timestamp()
    session.create()
    slip.write_text(session.session_key)


def send(port, fenced, tls=False):
    """A worker. Without the fence it is the control, which must double letters."""
    settings.EMAIL_PORT, settings.EMAIL_USE_TLS = port, tls
    if not fenced:
        pull_out_the_fence()
    while True:
        with lost_connections_mended():
            send_waiting(limit=BATCH)
            sweep()


def look(clock):
    """A beat. Its clock shows one moment after the other, and from the last on stands still."""
    for shown in chain(clock, repeat(clock[-1])):
        with lost_connections_mended():
            send_due(moment(*shown))


def moment(mornings, hour):
    """An hour of a working day to come, so that no letter is too late to be sent now."""
    day = timezone.localdate()
    for _ in range(mornings):
        day = next_working_day(day, "england-and-wales")
    return dt.datetime.combine(day, hour, LOCAL)


@contextmanager
def lost_connections_mended():
    try:
        yield
    except (OperationalError, InterfaceError):
        connection.close()
    time.sleep(PAUSE)


def pull_out_the_fence():
    """What is left is a lease alone: a letter is sent again when nobody says within the lease that it was."""
    OutgoingMail.pass_the_fence = lambda letter: True
    OutgoingMail.is_in_doubt = OutgoingMail.try_again
