"""P30 on a database: mornings of teams that stay as they are, and of two that change in the middle of one.

`make soak` has ten years of them, `make test` the weeks around the changes.
"""

import datetime as dt
from collections import Counter

import holidays
import pytest

from sprints.models import Blocker, DigestClock, DigestRun, DigestSettings
from sprints.morning import send_due
from teams.calendar import LOCAL
from teams.models import Team
from tests.factories import MembershipFactory, TeamFactory, raised_blocker
from tests.soak import SOAK
from tests.sprints.mornings import at, digests

TEN_YEARS = dt.date(2026, 1, 1), dt.date(2036, 1, 1)
SOME_WEEKS = dt.date(2031, 3, 28), dt.date(2031, 4, 19)  # the clocks go forward on 30 March, 13 April is Easter
FIRST, END = TEN_YEARS if SOAK else SOME_WEEKS
ALL_MORNING, TWICE = range(5, 12), (7, 9)  # hours in UTC
NAMES = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
APRIL = [dt.date(2031, 4, day) for day in range(1, 31)]
EASTER_MONDAY, AFTER_EASTER = APRIL[13], APRIL[14]

HOURS = [  # (when somebody sets it, what it is from then on)
    (at(APRIL[0], 8, 0), dt.time(7)),  # an hour that has passed: today's goes at once
    (at(APRIL[1], 8, 0), dt.time(9, 30)),  # an hour to come, when today's has gone
    (at(APRIL[2], 9, 0), dt.time(10)),  # from one hour to come to another
    (at(APRIL[3], 9, 30), dt.time(6)),  # one that has long passed
    (at(APRIL[6], 11, 30), dt.time(8)),
    (at(APRIL[7], 9, 0), dt.time(6, 30)),  # one that has passed, when today's has gone
]
DIVISIONS = [
    (at(EASTER_MONDAY, 9, 0), "scotland"),  # a day off until now, and from now on a working day
    (at(AFTER_EASTER, 12, 0), "northern-ireland"),
    (at(dt.date(2033, 3, 17), 7, 0), "scotland"),  # St Patrick's day, before anything went
    (at(dt.date(2033, 11, 30), 12, 0), "england-and-wales"),  # St Andrew's day, too late for a digest
]


@pytest.fixture
def teams(db):
    found = {name: TeamFactory(name=name, division=name) for name in NAMES}
    found |= {name: TeamFactory(name=name) for name in ("changes its hour", "changes its division")}
    for team in found.values():
        raised_blocker(team, MembershipFactory(team=team).user)
    DigestClock.read(dt.datetime.combine(FIRST, dt.time(), LOCAL))
    return found


def test_p30_every_team_gets_one_digest_each_working_day(teams):
    hours, divisions = list(HOURS), list(DIVISIONS)
    for now in looks():
        while hours and hours[0][0] <= now:
            settings = {"send_at": hours.pop(0)[1]}
            DigestSettings.objects.update_or_create(team=teams["changes its hour"], defaults=settings)
        while divisions and divisions[0][0] <= now:
            Team.objects.filter(name="changes its division").update(division=divisions.pop(0)[1])
        send_due(now)

    runs = list(DigestRun.objects.select_related("team"))
    assert {(run.team.name, run.on, run.state) for run in runs} == {
        (name, day, "sent") for name in teams for day in working_days(name)
    }
    letters = Counter(digests().values_list("user", "subject", "made_at__year"))
    assert len(letters) == len(runs) and set(letters.values()) == {1}
    went = {run.on: f"{run.cut_off.astimezone(LOCAL):%H:%M}" for run in runs if run.team.name == "changes its hour"}
    assert [went[APRIL[n]] for n in (0, 1, 2, 3, 6, 7)] == ["08:05", "07:05", "10:05", "10:05", "06:05", "08:05"]
    assert went[APRIL[8]] == "07:05"


def looks():
    """From before 6:00am to past 11:00am when something changes, and twice a day in the other years."""
    changes = {when.date() for when, _ in [*HOURS, *DIVISIONS]}
    for n in range((END - FIRST).days):
        day = FIRST + dt.timedelta(n)
        raise_anew(day)
        for hour in ALL_MORNING if day in changes or SOME_WEEKS[0] <= day < SOME_WEEKS[1] else TWICE:
            yield dt.datetime.combine(day, dt.time(hour, 5), dt.UTC)


def raise_anew(day):
    """On the first of a month, for ages are counted day by day."""
    if day.day == 1:
        moment = dt.datetime.combine(day, dt.time(), LOCAL)
        Blocker.objects.update(raised_on=day, raised_at=moment, last_update_at=moment)


def working_days(name):
    """By another way: from the library's own lists, and of the changes by when a morning is over."""
    off = {
        of: holidays.country_holidays("GB", subdiv=of, years=range(FIRST.year, END.year + 1)) for of in NAMES.values()
    }
    days = [FIRST + dt.timedelta(n) for n in range((END - FIRST).days)]
    return [day for day in days if day.isoweekday() < 6 and day not in off[NAMES[division_of(name, day)]]]


def division_of(name, day):
    if name in NAMES:
        return name
    found = "england-and-wales"
    for when, division in DIVISIONS if name == "changes its division" else []:
        if when < at(day, 11, 0):
            found = division
    return found
