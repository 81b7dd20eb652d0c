"""When a team's digest goes: pure functions over moments, no database, no clock (domain.md §4).

Hours are local. The window from 6:00am to 11:00am never touches a change of the clocks, which is between 1:00am and
2:00am, so every local time in it comes exactly once a day.
"""

import datetime as dt
from dataclasses import dataclass

from teams.calendar import LOCAL, is_working_day

EARLIEST, LATEST, USUAL = dt.time(6), dt.time(10), dt.time(8, 30)
GIVE_UP = dt.time(11)  # whatever has not left by now is no morning letter any more
BEFORE_STANDUP = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class Hours:
    """What decides when one team's digest goes."""

    send_at: dt.time
    division: str
    closures: tuple = ()

    def is_due(self, now: dt.datetime) -> bool:
        here = now.astimezone(LOCAL)
        return self.send_at <= here.time() < GIVE_UP and self.works_on(here.date())

    def works_on(self, day: dt.date) -> bool:
        return is_working_day(day, self.division, self.closures)


def is_morning(now: dt.datetime) -> bool:
    """Whether any team's digest can be due: most looks are over with this."""
    here = now.astimezone(LOCAL)
    return EARLIEST <= here.time() < GIVE_UP and is_weekday(here)


def is_weekday(day: dt.date) -> bool:
    return day.weekday() < 5


def hour_for(chosen: dt.time, standup_at: dt.time) -> dt.time:
    """The hour that a team chose, or as early as its stand-up wants it. Nothing goes before 6:00am."""
    return max(EARLIEST, min(chosen, latest_for(standup_at)))


def latest_for(standup_at: dt.time) -> dt.time:
    """A quarter of an hour before the stand-up, so that it can be read."""
    if standup_at < EARLIEST:
        return EARLIEST
    before = dt.datetime.combine(dt.date.min, standup_at) - BEFORE_STANDUP
    return max(EARLIEST, min(LATEST, before.time()))


def given_up_at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, GIVE_UP, LOCAL)


def given_up_between(then: dt.datetime, now: dt.datetime) -> list:
    """The days whose 11:00am came after `then`, up to and including `now`: on these nothing goes any more."""
    first, last = then.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if then < given_up_at(day) <= now]
