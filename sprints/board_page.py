"""What the page of a board shows, and how a screen learns that there is something new."""

from dataclasses import dataclass, field
from itertools import chain
from zlib import crc32

from django.db.models import prefetch_related_objects
from django.utils import timezone

from sprints.burndown import burndown
from sprints.chart import draw_burndown, say_burndown
from sprints.flow import COLUMNS
from sprints.models import Blocker
from sprints.models.board import way
from sprints.models.steps import steps_of


@dataclass
class Column:
    state: str
    label: str
    cards: list = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(card.story.points or 0 for card in self.cards)


def outline(sprint) -> dict:
    """What every page of a sprint begins with."""
    prefetch_related_objects([sprint.team], "closures")  # asked for by everything that counts working days
    day, days = sprint.day_on(timezone.localdate())
    return {"sprint": sprint, "team": sprint.team, "day": day, "days": days, "risks": 0}


def blockers_of(sprint) -> dict:
    """The open blockers of its stories, by story."""
    found = Blocker.objects.by_story(sprint.commitments.held().values("story"))
    for one in chain.from_iterable(found.values()):
        one.team = sprint.team  # which knows its closures, so no age asks for them
    return found


def ages(blockers, today) -> dict:
    """Working days each blocker has been open."""
    return {one.pk: one.age_on(today) for one in chain.from_iterable(blockers.values())}


def board(sprint, today, blockers) -> dict:
    """The whole page in as many statements for 500 cards as for five."""
    commitments = list(sprint.commitments.for_board())
    held = [card for card in commitments if card.held]
    columns = columns_of(held)
    steps = steps_of(sprint, sorted(commitments, key=lambda one: one.pk))
    return {
        "columns": columns,
        "elsewhere": [card for card in held if card.story.state not in COLUMNS],
        "seen": seen_of(sprint, [row_of(card) for card in held], blockers),
        "blockers": blockers,
        "ages": ages(blockers, today),
        "risks": sum(one.risks_goal for one in chain.from_iterable(blockers.values())),
        **figures(sprint, steps, today),
    }


def figures(sprint, steps, today) -> dict:
    """The burndown as a drawing, a sentence and a table; nothing before the start."""
    if not steps:
        return {"burndown": None}
    days = burndown(steps, sprint.working_days(), sprint.started_at, today)
    return {"burndown": {"days": days, "drawing": draw_burndown(days), "words": say_burndown(days)}}


def columns_of(cards) -> list:
    columns = {state: Column(state, label) for state, label in COLUMNS.items()}
    for card in cards:
        if card.story.state in columns:
            columns[card.story.state].cards.append(card)
    return [*columns.values()]


def sums(rows, state) -> tuple:
    """(stories, points) of a column."""
    found = [row for row in rows if row[0] == state]
    return len(found), sum(row[4] or 0 for row in found)


def said(card, rows, was, was_above, change) -> dict:
    """What a move did, and the form that takes it back: where it came from, while there is a way there."""
    state = card.story.state
    column = [row[1] for row in rows if row[0] == state]
    back = change or was == state or way(state, was)
    return {
        "reference": card.reference,
        "column": COLUMNS[state],
        "stayed": was == state,
        "place": column.index(card.story_id) + 1,
        "of": len(column),
        "back": {
            "to": was, "seen": state, "where": "before" if was_above else "bottom", "other": was_above,
            "undo": change.pk if change else "",
        } if back else None,
    }  # fmt: skip


# --- What a screen has seen: a figure for what stands above the board and one for each column


def row_of(card) -> tuple:
    return card.story.state, card.story_id, card.story.version, card.rank, card.story.points


def seen_of(sprint, rows, blockers) -> str:
    """Changes with whatever the page shows. `rows` are those of `row_of` in the order of the board."""
    stopped = {key: [(one.pk, one.version) for one in several] for key, several in blockers.items()}
    marks = {state: 0 for state in COLUMNS}
    for state, *facts in rows:
        if state in marks:
            marks[state] = crc32(repr((facts, stopped.get(facts[0]))).encode(), marks[state])
    away = [row for row in rows if row[0] not in marks]
    scope = sum(row[4] or 0 for row in rows)
    head = crc32(repr((sprint.version, sprint.state, scope, len(rows), away, marks["done"])).encode())
    return ".".join(f"{mark:x}" for mark in (head, *marks.values()))


def news(seen, now) -> set:
    """What differs between two of these: "head" and the states of columns. Everything where `seen` is no such thing."""
    names = ["head", *COLUMNS]
    before, after = seen.split("."), now.split(".")
    if len(before) != len(after):
        return set(names)
    return {name for name, was, new in zip(names, before, after, strict=True) if was != new}
