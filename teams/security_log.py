"""What happened at the door of an account, as lines of history (P34): its owner reads all of them for a year, the
administrators of their programmes that it was shut. An address without an account leaves no line: it may be anybody's.
"""

import datetime as dt

from django.utils import timezone

from teams.access import visible
from teams.models import Change, Programme, User
from teams.models.attempts import WITHIN
from teams.models.user import clean_email

KIND = "teams.sign_in"
SHUT = "shut out sign-ins to the account for 15 minutes: too many tries"
KEPT_FOR = dt.timedelta(days=365)
SHOWN = 20


def signed_in(user, browser):
    _write(user, f"signed in with {browser}", by=user)


def failed(email):
    if user := _whose(email):
        _write(user, "turned away a sign-in: the password was not right")


def wrong_code(user):
    _write(user, "turned away a sign-in: the code of the second factor was not right")


def refused(email):
    """Once for as long as tries count, so that somebody who keeps guessing does not fill the history."""
    user = _whose(email)
    if not user or _about(user).filter(words=SHUT, at__gt=timezone.now() - WITHIN).exists():
        return
    _write(user, SHUT)
    for programme in visible(Programme.objects.all(), user, programme="pk"):
        _write(user, f"{SHUT} ({user})", programme=programme)


def latest(user):
    return _about(user).filter(programme=None).newest_first()[:SHOWN]


def forget_old():
    Change.objects.filter(kind=KIND, at__lt=timezone.now() - KEPT_FOR).delete()


def _whose(email):
    return User.objects.filter(email=clean_email(email), is_active=True).first()


def _about(user):
    return Change.objects.filter(kind=KIND, thing_id=user.pk)


def _write(user, words, *, by=None, programme=None):
    name = by.name if by else "Throughline"
    Change.objects.create(
        kind=KIND, thing_id=user.pk, label=user.name, words=words, who=by, who_name=name, programme=programme
    )
