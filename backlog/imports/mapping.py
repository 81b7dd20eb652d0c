"""Which column is which: a guess from the headings, and the cells of a row by our names."""

import operator

from django.core.exceptions import ValidationError

from .cells import plain
from .fields import BY_KEY, FIELDS, MANY

FIGURES = {"value", "size", "earlier_participants"}

# Names that mean the same among other words: "Value (1 to 8)", "What is the problem?".
PLAIN_ENOUGH = {"title", "problem", "pain point", "recommendation", "theme", "themes", "stage", "service", "services"}
PLAIN_ENOUGH |= {"value", "benefit", "size", "effort"}


def guess(columns: list[str], sample: list[list[str]] = ()) -> dict[str, int]:
    """{our field: column} for the headings we know. The better-known heading wins; no column serves twice.

    What the cells of `sample` say is no figure is none: “Evidence” is a number of people to some, and words to others.
    """
    headings = [plain(name) for name in columns]
    names = [(place, field.key, name) for field in FIELDS for place, name in enumerate(field.known_as)]
    names.sort(key=operator.itemgetter(0))
    guessed = {}
    for fits in (operator.eq, holds):
        for _, key, name in names:
            free = (at for at, heading in enumerate(headings) if fits(heading, name) and at not in guessed.values())
            if key not in guessed and (at := next((at for at in free if may_be(key, at, sample)), None)) is not None:
                guessed[key] = at
    return {key: guessed[key] for key in BY_KEY if key in guessed}


def may_be(key: str, at: int, sample) -> bool:
    """One cell that reads is enough: the others are named as bad rows."""
    if key not in FIGURES:
        return True
    cells = [cells[at] for cells in sample if at < len(cells) and cells[at]]
    return not cells or any(_reads(key, cell) for cell in cells)


def _reads(key, cell):
    try:
        BY_KEY[key].clean(cell)
    except ValidationError:
        return False
    return True


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
