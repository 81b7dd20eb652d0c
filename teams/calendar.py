"""Working days of a team: Monday to Friday, less the bank holidays of its division and its own closures.

Pure functions over dates; no database, no clock. `closures` is any iterable of (first day, last day) pairs.
"""

import datetime as dt
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

import holidays

LOCAL = ZoneInfo("Europe/London")
SUBDIVISION = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}


def local_today(now: dt.datetime) -> dt.date:
    """The date in the teams' time zone at an aware moment."""
    return now.astimezone(LOCAL).date()


@lru_cache(maxsize=256)
def bank_holidays(division: str, year: int) -> frozenset:
    """The weekdays that gov.uk lists for a division. The library also names weekend days, which never matter."""
    days = holidays.country_holidays("GB", subdiv=SUBDIVISION[division], years=year)
    return frozenset(day for day in days if day.weekday() < 5 and day.year == year)


def bank_holiday_name(division: str, day: dt.date) -> str:
    """ "Boxing Day (substitute day)", or nothing on any other day."""
    if day not in bank_holidays(division, day.year):
        return ""
    days = holidays.country_holidays("GB", subdiv=SUBDIVISION[division], years=day.year)
    return days[day].replace("(observed)", "(substitute day)")


def weeks_from(day: dt.date, weeks: int) -> list:
    """Monday to Friday of each week, beginning with the one that `day` lies in; at a weekend with the next."""
    monday = day - dt.timedelta(day.weekday()) if day.weekday() < 5 else day + dt.timedelta(7 - day.weekday())
    return [[monday + dt.timedelta(7 * week + n) for n in range(5)] for week in range(weeks)]


def is_working_day(day: dt.date, division: str, closures=()) -> bool:
    return (
        day.weekday() < 5
        and day not in bank_holidays(division, day.year)
        and not any(first <= day <= last for first, last in closures)
    )


def next_working_day(day: dt.date, division: str, closures=()) -> dt.date:
    """The first working day after `day`."""
    return _step(day, 1, division, closures)


def previous_working_day(day: dt.date, division: str, closures=()) -> dt.date:
    """The last working day before `day`: what "yesterday" means at a stand-up."""
    return _step(day, -1, division, closures)


def working_days_after(start: dt.date, end: dt.date, division: str, closures=()) -> int:
    """Whole working days after `start`, up to and including `end`: an age. Friday to Monday is 1."""
    days = (start + dt.timedelta(n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, division, closures) for day in days)


def working_days_between(first: dt.date, last: dt.date, division: str, closures=()) -> list:
    """Each working day from `first` to `last`, both included."""
    days = (first + dt.timedelta(n) for n in range((last - first).days + 1))
    return [day for day in days if is_working_day(day, division, closures)]


def _step(day, direction, division, closures):
    candidates = (day + dt.timedelta(direction * n) for n in count(1))
    return next(day for day in candidates if is_working_day(day, division, closures))
