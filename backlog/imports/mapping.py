"""Which column is which: a guess from the headings, and the cells of a row by our names."""

import operator

from .cells import plain
from .fields import BY_KEY, FIELDS, MANY

# Names that mean the same among other words: "Value (1 to 8)", "What is the problem?".
PLAIN_ENOUGH = {"title", "problem", "recommendation", "theme", "themes", "stage", "service", "services"}
PLAIN_ENOUGH |= {"value", "size", "effort"}


def guess(columns: list[str]) -> dict[str, int]:
    """{our field: column} for the headings we know. The better-known heading wins; no column serves twice."""
    headings = [plain(name) for name in columns]
    names = [(place, field.key, name) for field in FIELDS for place, name in enumerate(field.known_as)]
    names.sort(key=operator.itemgetter(0))
    guessed = {}
    for fits in (operator.eq, holds):
        for _, key, name in names:
            free = (at for at, heading in enumerate(headings) if fits(heading, name) and at not in guessed.values())
            if key not in guessed and (at := next(free, None)) is not None:
                guessed[key] = at
    return {key: guessed[key] for key in BY_KEY if key in guessed}


def holds(heading: str, name: str) -> bool:
    return name in PLAIN_ENOUGH and f" {name} " in f" {heading} "


def columns_of(mapping: dict[str, int], columns: list[str]) -> dict[str, list[int]]:
    """{our field: its columns}. Exports of other tools repeat a heading for each label a row has."""
    return {
        key: [other for other, name in enumerate(columns) if other == at or (key in MANY and name == columns[at])]
        for key, at in mapping.items()
    }


def picked(cells: list[str], wanted: dict[str, list[int]]) -> dict[str, str]:
    """{our field: its cell} for the cells that say something. An empty cell leaves what is there."""
    found = {}
    for key, places in wanted.items():
        said = [cells[at] for at in places if at < len(cells) and cells[at]]
        if said:
            found[key] = "; ".join(said)
    return found
