"""The figures of a sprint, from its sealed list and what happened since. No database, no clock.

A `Step` says what is true of one story from a moment on. Whoever adds the steps up, one after another, gets every
figure on the page: that is what `ledger` does, line by line, and what a closed sprint shows.

Every moment counts for one working day: its own, or the next where its own is none (work of a Saturday shows on
Monday), and after the last day still for the last.
"""

import datetime as dt
from bisect import bisect_left
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import accumulate

from teams.calendar import local_today

LAST = 3  # sprints that a velocity is made of


@dataclass(frozen=True)
class Step:
    """What is true of a story from `at` on: in the sprint or not, done or not, and its points."""

    at: dt.datetime
    story: str
    points: int
    inside: bool = True
    done: bool = False
    what: str = ""  # for the reader of the ledger
    who: str = ""
    why: str = ""

    def to_json(self) -> dict:
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, kept):
        return cls(**kept | {"at": dt.datetime.fromisoformat(kept["at"])})

    @property
    def counts(self) -> tuple:
        """(points in scope, points done)"""
        return (self.points, self.points if self.done else 0) if self.inside else (0, 0)


@dataclass(frozen=True)
class Line:
    """One step with what it did to the sums and what they are after it."""

    step: Step
    scope_by: int
    done_by: int
    scope: int
    done: int

    @property
    def left(self) -> int:
        return self.scope - self.done


@dataclass
class Day:
    """The sums at the end of one working day. Day 0 is the start; a day to come has none."""

    number: int
    date: dt.date | None
    scope: int | None = None
    done: int | None = None
    scope_changes: list = field(default_factory=list)  # (story, ± points)

    @property
    def left(self) -> int | None:
        return None if self.scope is None else self.scope - self.done

    @property
    def scope_by(self) -> int:
        return sum(by for _, by in self.scope_changes)


def ledger(steps) -> list:
    """Every step in its order, with running sums. Steps of one moment keep the order they are given in."""
    latest = defaultdict(lambda: (0, 0))
    lines, scope, done = [], 0, 0
    for step in sorted(steps, key=lambda one: one.at):
        before, after = latest[step.story], step.counts
        scope_by, done_by = after[0] - before[0], after[1] - before[1]
        latest[step.story] = after
        scope, done = scope + scope_by, done + done_by
        lines.append(Line(step, scope_by, done_by, scope, done))
    return lines


def burndown(steps, days, started_at, today) -> list:
    """Day 0, as sealed at the start, and each working day. Days after `today` have no sums yet."""
    lines = ledger(steps)
    sealed = [line for line in lines if line.step.at <= started_at]
    start = Day(0, None, *_sums(sealed))
    drawn = [Day(number, date) for number, date in enumerate(days, 1)]
    by_day = defaultdict(list)
    for line in lines[len(sealed) :]:
        by_day[number_of(line.step.at, days)].append(line)
    scope, done = start.scope, start.done
    for day in drawn:
        if day.date > today:
            break
        happened = by_day[day.number]
        scope, done = scope + sum(one.scope_by for one in happened), done + sum(one.done_by for one in happened)
        day.scope, day.done = scope, done
        day.scope_changes = [(one.step.story, one.scope_by) for one in happened if one.scope_by]
    return [start, *drawn]


def number_of(at, days) -> int:
    """The number of the working day a moment counts for."""
    return min(bisect_left(days, local_today(at)), len(days) - 1) + 1


def even_pace(points, days) -> list:
    """What would be left at the end of each day if every working day finished as much; the start first."""
    return list(accumulate([-points / len(days)] * len(days), initial=points))


def velocity(done) -> tuple | None:
    """(lowest, highest) of the points done in the last three closed sprints, newest first; None without any."""
    latest = list(done)[:LAST]
    return (min(latest), max(latest)) if latest else None


def _sums(lines) -> tuple:
    return (lines[-1].scope, lines[-1].done) if lines else (0, 0)
