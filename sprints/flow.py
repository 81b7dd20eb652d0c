"""How work flows through a team's board: cumulative flow and cycle time. No database, no clock."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from statistics import median

from teams import calendar

COLUMNS = {
    "ready": "Ready",
    "in_progress": "In progress",
    "in_review": "In review",
    "sign_off": "Ready for sign-off",
    "done": "Done",
}


@dataclass(frozen=True)
class FlowDay:
    """How many stories stood in each column at the end of a working day; `done` since the first of the days."""

    date: dt.date
    counts: dict


def cumulative_flow(now, moves, days) -> list:
    """A FlowDay for each of `days`, counted back from what stands where `now` through the moves since.

    `moves` are (at, from state, to state) in their order, all of them since the first day began. What was done before
    that is not counted, so the picture begins with what was on the board.
    """
    counts = Counter({state: now.get(state, 0) for state in COLUMNS if state != "done"})
    counts["done"] = sum((to == "done") - (before == "done") for _, before, to in moves)
    left = sorted(moves, key=lambda move: move[0])
    found = []
    for day in reversed(days):
        while left and calendar.local_today(left[-1][0]) > day:
            _, before, to = left.pop()
            counts[to] -= 1
            counts[before] += 1
        found.append(FlowDay(day, {state: max(counts[state], 0) for state in COLUMNS}))
    return found[::-1]


def cycle_time(started_at, done_at, division, closures=()) -> int:
    """Working days from the one it was started on to the one it was done on, both counted; at least 1."""
    first, last = calendar.local_today(started_at), calendar.local_today(done_at)
    return max(len(calendar.working_days_between(first, last, division, closures)), 1)


def typical(times) -> dict:
    """The median, and within how many days 85 of 100 were done; empty without any."""
    ordered = sorted(times)
    if not ordered:
        return {}
    middle = median(ordered)
    return {
        "count": len(ordered),
        "median": int(middle) if middle == int(middle) else middle,
        "most": ordered[-(-85 * len(ordered) // 100) - 1],
        "longest": ordered[-1],
    }
