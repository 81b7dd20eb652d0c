"""Walking the board: nearest to done first; in each column what is blocked, then what has stood there longest."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from backlog.models import Story
from sprints.flow import COLUMNS
from teams.calendar import working_days_after

WALKED = [state for state in reversed(COLUMNS) if state != "done"]


@dataclass(frozen=True)
class Stop:
    """One story of the walk."""

    story: Story
    blockers: list
    days: int  # working days in its column


def walk(stories, blockers, day: dt.date, division, closures=()) -> list[tuple[str, list[Stop]]]:
    """(column, its stops) from right to left; `blockers` are the open ones by story, as `by_story` finds them."""
    stops = {state: [] for state in WALKED}
    for story in stories:
        if story.state in stops:
            since = timezone.localdate(story.state_since)
            days = working_days_after(since, day, division, closures)
            stops[story.state].append(Stop(story, blockers.get(story.pk, []), days))
    return [(COLUMNS[state], sorted(found, key=_first)) for state, found in stops.items()]


def _first(stop):
    return (not stop.blockers, stop.story.state_since, stop.story.pk)
