"""Which day a stand-up is about, and what the days before it are called. No database, no clock."""

import datetime as dt
from dataclasses import dataclass

from teams import calendar

NEAR = dt.timedelta(days=7)  # within a week a weekday's name says which day is meant
LATE = 10  # working days for which a stand-up can still be written


@dataclass(frozen=True)
class WorkingDays:
    """A team's calendar, read once for a page."""

    division: str
    closures: tuple

    @classmethod
    def of(cls, team):
        return cls(team.division, tuple(team.days_closed()))

    def current(self, today: dt.date) -> dt.date:
        """Today; on a day nobody works, the next working day, which is open for early entry."""
        return today if self.is_one(today) else self.after(today)

    def is_one(self, day) -> bool:
        return calendar.is_working_day(day, self.division, self.closures)

    def after(self, day) -> dt.date:
        return calendar.next_working_day(day, self.division, self.closures)

    def before(self, day) -> dt.date:
        return calendar.previous_working_day(day, self.division, self.closures)

    def takes_entries(self, day, today) -> bool:
        """From the next stand-up back to those that somebody may still have missed."""
        if day > self.current(today) or not self.is_one(day):
            return False
        return calendar.working_days_after(day, today, self.division, self.closures) <= LATE


def called(before: dt.date, day: dt.date) -> str:
    """ "yesterday", "on Friday", "on Thursday 24 December": the last working day, as somebody would say it on `day`."""
    if day - before == dt.timedelta(1):
        return "yesterday"
    if day - before < NEAR:
        return f"on {before:%A}"
    return f"on {before:%A} {before.day} {before:%B}"
