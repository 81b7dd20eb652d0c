"""A Monday's stand-up in tests: where it is, what somebody answers, and the time of its day."""

import datetime as dt

import time_machine

from sprints.models import StandupEntry
from tests.people import signed_in

FRIDAY, MONDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
HERE = f"/teams/housing/standup/{MONDAY}/"


def at(hour, minute=0, day=MONDAY):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), dt.UTC), tick=False)


def words(**more):
    return {"version": 0, "did": "Drew stage 6", "doing": "Check touchpoints", "blocking": "nothing"} | more


def entry_of(client):
    return StandupEntry.objects.get(person=client.user)


def signed_in_again(client):
    """On another day, when the old session has ended."""
    return signed_in(client.user)
