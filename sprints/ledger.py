"""What the lines of a ledger say: ages, warnings and the next step. No database: it reads blockers that were found."""

import datetime as dt
from dataclasses import dataclass

from sprints.models import Blocker, BlockerLimits

LONGEST_DRAWN = 8  # working days; the figure beside it says the rest
DAY = 16  # units of the drawing


@dataclass(frozen=True)
class Line:
    """One blocker as it stands on one day, under its team's limits."""

    blocker: Blocker
    limits: BlockerLimits
    day: dt.date
    age: int
    quiet: int
    waited: int

    @property
    def is_ageing(self):
        return self.blocker.is_open and self.age >= self.limits.ageing

    @property
    def due_after(self):
        """Working days after which it should be escalated, or escalated again."""
        return min(self.limits.escalate, self.limits.escalate_goal) if self.blocker.risks_goal else self.limits.escalate

    @property
    def escalation_is_due(self):
        return self.blocker.is_open and not self.blocker.is_escalated and self.waited >= self.due_after

    @property
    def is_quiet(self):
        return self.blocker.is_open and self.quiet >= self.limits.quiet

    @property
    def is_late(self):
        """The day on which an answer, or what we wait for, should have been there has passed."""
        return bool(self.awaited and self.awaited < self.day)

    @property
    def awaited(self):
        return self.blocker.answer_by if self.blocker.is_escalated else self.blocker.expected_by

    @property
    def needs_owner(self):
        return self.blocker.is_open and getattr(self.blocker, "lacks_owner", not self.blocker.owner_id)

    @property
    def drawn(self):
        """The age as a length, for the picture beside its figure."""
        return DAY * min(self.age, LONGEST_DRAWN)

    @property
    def marks(self):
        """Where the picture shows the team's limits, if they are near enough to be drawn."""
        limits = {self.limits.ageing, self.limits.escalate}
        return [(DAY * limit, limit) for limit in sorted(limits) if limit < LONGEST_DRAWN]


def lines(blockers, limits, day) -> list[Line]:
    """`limits` is one team's, or those of several by their ids."""
    return [
        Line(
            blocker,
            limits[blocker.team_id] if isinstance(limits, dict) else limits,
            day,
            blocker.age_on(day),
            blocker.quiet_on(day),
            blocker.waited_on(day),
        )
        for blocker in blockers
    ]


def sections(found: list[Line]) -> list[tuple[str, list[Line]]]:
    """The open ones under their headings, in ledger order; a heading without a line is left out."""
    ownerless = [line for line in found if line.needs_owner]
    risky = [line for line in found if line.blocker.risks_goal and not line.needs_owner]
    other = [line for line in found if not line.blocker.risks_goal and not line.needs_owner]
    named = [("Needs an owner", ownerless), ("Risks the sprint goal", risky), ("Other open", other)]
    return [(name, several) for name, several in named if several]


def age_in_words(blocker, day) -> str:
    """ "6 working days"; of one on which no working day has passed yet, since when it is new."""
    age = blocker.age_on(day)
    if age:
        return f"{age} working day{'' if age == 1 else 's'}"
    return "new today" if blocker.raised_on == day else f"new since {blocker.raised_on:%A}"
