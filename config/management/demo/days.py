"""When things happened in the demo, counted back from the day it is loaded."""

import datetime as dt
from dataclasses import dataclass

from teams.calendar import LOCAL, previous_working_day

DIVISION = "england-and-wales"


@dataclass(frozen=True)
class Days:
    today: dt.date

    def back(self, working_days: int, hour: int, minute: int = 0) -> dt.datetime:
        """A moment on an earlier working day."""
        day = self.today
        for _ in range(working_days):
            day = previous_working_day(day, DIVISION)
        return dt.datetime.combine(day, dt.time(hour, minute), LOCAL)

    def weeks(self, weeks: int) -> dt.date:
        """That many weeks from now; less than nought is the past."""
        return self.today + dt.timedelta(weeks=weeks)
