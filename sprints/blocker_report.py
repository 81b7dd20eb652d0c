"""What the ledgers of teams say over a time: by category, by what is waited on, by team. Never by person."""

from collections import defaultdict
from dataclasses import dataclass, field
from statistics import median

from sprints.models import Category


@dataclass
class Lost:
    """How often somebody outside was waited on, and for how many working days altogether."""

    name: str
    blockers: int = 0
    open: int = 0
    days: int = 0
    teams: set = field(default_factory=set)


@dataclass(frozen=True)
class Report:
    open: int
    risking_goal: int
    needs_owner: int
    resolved: int
    median_age: float | None
    by_category: list
    by_party: list


def report(lines) -> Report:
    """`lines` as ledger.lines makes them: the blockers that were open at some time, with their ages."""
    still = [line for line in lines if line.blocker.is_open]
    done = [line for line in lines if line.blocker.resolved_at]
    return Report(
        open=len(still),
        risking_goal=sum(line.blocker.risks_goal for line in still),
        needs_owner=sum(line.needs_owner for line in still),
        resolved=len(done),
        median_age=median(line.age for line in done) if done else None,
        by_category=_by_category(lines),
        by_party=_by_party(lines),
    )


def by_team(lines, teams) -> list:
    """(team, its report) in the order of `teams`."""
    return [(team, report([line for line in lines if line.blocker.team_id == team.pk])) for team in teams]


def _by_category(lines):
    """(category in words, open, resolved, median age when resolved), the most frequent first; none that is empty."""
    rows = []
    for category in Category:
        own = [line for line in lines if line.blocker.category == category and line.blocker.state != "withdrawn"]
        ages = [line.age for line in own if line.blocker.resolved_at]
        if own:
            rows.append((category.label, len(own) - len(ages), len(ages), median(ages) if ages else None))
    return sorted(rows, key=lambda row: -(row[1] + row[2]))


def _by_party(lines):
    found = defaultdict(lambda: Lost(""))
    for line in lines:
        name = " ".join(line.blocker.waiting_on.split())
        if name and line.blocker.state != "withdrawn":
            lost = found[name.casefold()]
            lost.name = lost.name or name
            lost.blockers += 1
            lost.open += line.blocker.is_open
            lost.days += line.age
            lost.teams.add(line.blocker.team)
    return sorted(found.values(), key=lambda lost: (-lost.days, lost.name))
