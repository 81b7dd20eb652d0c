"""What the page of a board shows, and how a screen learns that there is something new."""

from dataclasses import dataclass, field
from itertools import chain
from zlib import crc32

from django.db.models import prefetch_related_objects
from django.utils import timezone

from sprints.burndown import burndown
from sprints.chart import draw_burndown, say_burndown
from sprints.flow import COLUMNS
from sprints.ledger import age_in_words
from sprints.models import Blocker
from sprints.models.board import way
from sprints.models.board_sums import Sum, sums_of
from sprints.models.card import cards_of
from sprints.models.steps import few_steps_of


@dataclass
class Column:
    state: str
    label: str
    cards: list = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(card.size or 0 for card in self.cards)


def outline(sprint) -> dict:
    """What every page of a sprint begins with."""
    prefetch_related_objects([sprint.team], "closures")  # asked for by everything that counts working days
    day, days = sprint.day_on(timezone.localdate())
    return {"sprint": sprint, "team": sprint.team, "day": day, "days": days, "risks": 0}


def blockers_of(sprint, stories=None) -> dict:
    """The open blockers of its stories, or of these of them, by story."""
    found = Blocker.objects.by_story(stories or sprint.commitments.held().values("story"))
    for one in chain.from_iterable(found.values()):
        one.team = sprint.team  # which knows its closures, so no age asks for them
    return found


def ages(blockers, today) -> dict:
    """How long each blocker has been open, in words."""
    return {one.pk: age_in_words(one, today) for one in chain.from_iterable(blockers.values())}


def board(sprint, today) -> dict:
    """The whole page in as many statements for 500 cards as for five."""
    sums = sums_of(sprint)  # before the cards: whatever comes in between is news
    cards = cards_of(sprint.commitments)  # also those that left: the figures need them
    held = [card for card in cards if card.held]
    stopped = stopped_on(sprint, today, sums.values())
    return {
        "columns": columns_of(held),
        "elsewhere": [card for card in held if card.state not in COLUMNS],
        "seen": seen_of(sprint, sums),
        "risks": sum(one.risks for one in sums.values()),
        **stopped,
        **figures(sprint, few_steps_of(sprint, cards), today),
    }


def part(sprint, today, sums, states) -> dict:
    """Some of its columns, for a screen that has seen the rest."""
    cards = cards_of(sprint.commitments.held().filter(story__state__in=states))
    return {"columns": columns_of(cards), "seen": seen_of(sprint, sums), **stopped_on(sprint, today, sums.values())}


def stopped_on(sprint, today, sums, stories=None) -> dict:
    """What stops its stories, or these of them, and since when; not asked where nothing does."""
    blockers = blockers_of(sprint, stories) if any(one.blockers for one in sums) else {}
    return {"blockers": blockers, "ages": ages(blockers, today)}


def figures(sprint, steps, today) -> dict:
    """The burndown as a drawing, a sentence and a table; nothing before the start."""
    if not steps:
        return {"burndown": None}
    days = burndown(steps, sprint.working_days(), sprint.started_at, today)
    return {"burndown": {"days": days, "drawing": draw_burndown(days), "words": say_burndown(days)}}


def columns_of(cards) -> list:
    columns = {state: Column(state, label) for state, label in COLUMNS.items()}
    for card in cards:
        if card.state in columns:
            columns[card.state].cards.append(card)
    return [*columns.values()]


def said(card, place, of, was, was_above, change) -> dict:
    """What a move did, and the form that takes it back: where it came from, while there is a way there."""
    state = card.state
    back = change or was == state or way(state, was)
    return {
        "reference": card.reference,
        "column": COLUMNS[state],
        "stayed": was == state,
        "place": place,
        "of": of,
        "back": {
            "to": was, "seen": state, "where": "before" if was_above else "bottom", "other": was_above,
            "undo": change.pk if change else "",
        } if back else None,
    }  # fmt: skip


# --- What a screen has seen: a figure for what stands above the board and one for each column


def seen_of(sprint, sums) -> str:
    """Changes with whatever the page shows."""
    marks = {state: sums.get(state, Sum()).mark for state in COLUMNS}
    away = sorted((state, one.mark) for state, one in sums.items() if state not in marks)
    whole = [sum(facts) for facts in zip(*((one.cards, one.points, one.risks) for one in sums.values()), strict=True)]
    head = crc32(repr((sprint.version, sprint.state, whole, away, marks["done"])).encode())
    return ".".join(f"{mark % 2**32:x}" for mark in (head, *marks.values()))


def news(seen, now) -> set:
    """What differs between two of these: "head" and the states of columns. Everything where `seen` is no such thing."""
    names = ["head", *COLUMNS]
    before, after = seen.split("."), now.split(".")
    if len(before) != len(after):
        return set(names)
    return {name for name, was, new in zip(names, before, after, strict=True) if was != new}
