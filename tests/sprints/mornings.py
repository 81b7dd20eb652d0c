"""Days and blockers of the digest's tests: a Monday morning after a Friday."""

import datetime as dt

import time_machine

from sprints.morning import send_due
from teams.calendar import LOCAL
from teams.models import OutgoingMail
from tests.factories import owned_blocker, raised_blocker

FRIDAY, MONDAY, TUESDAY = (dt.date(2026, 11, day) for day in (20, 23, 24))


def at(day, hour=8, minute=30):
    return dt.datetime.combine(day, dt.time(hour, minute), LOCAL)


def during(day, hour=12, minute=0):
    """What people do at that moment carries its time."""
    return time_machine.travel(at(day, hour, minute), tick=False)


def raised(team, by, on=FRIDAY, owner=None, **fields):
    with during(on):
        return owned_blocker(team, by, owner, **fields) if owner else raised_blocker(team, by, **fields)


def look_all_day(day):
    """From 5:00am to past 11:00am, every minute around the hour."""
    for minute in [*range(0, 205, 20), *range(205, 216), *range(216, 380, 20)]:
        send_due(at(day, 5) + dt.timedelta(minutes=minute))


def digests():
    return OutgoingMail.objects.filter(kind="digest").order_by("pk")
