"""Which column is which: a guess from the headings, and the cells of a row by our names."""

from .cells import plain
from .fields import BY_KEY, FIELDS, MANY


def guess(columns: list[str]) -> dict[str, int]:
    """{our field: column} for the headings we know. The better-known heading wins; no column serves twice."""
    headings = [plain(name) for name in columns]
    guessed, taken = {}, set()
    wishes = [(place, field.key, name) for field in FIELDS for place, name in enumerate(field.known_as)]
    for _, key, name in sorted(wishes, key=lambda wish: wish[0]):
        at = next((at for at, heading in enumerate(headings) if heading == name and at not in taken), None)
        if at is not None and key not in guessed:
            guessed[key] = at
            taken.add(at)
    return {key: guessed[key] for key in BY_KEY if key in guessed}


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
