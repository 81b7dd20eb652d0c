"""One row: what it says by our names, what is wrong with it, and what a person should know. No database."""

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from .cells import plain, unguarded
from .fields import BY_KEY, MANY

LEAVE_OUT, CREATE = "leave", "create"
KINDS = ("themes", "services", "stage")


@dataclass
class Names:
    """The themes, services and stages that exist, and what to do with names that do not.

    `known` is {kind: {plain name: id}}; `choices` is {kind: {plain name: "leave", "create" or an id}}, as asked for on
    the page of the check.
    """

    known: dict[str, dict[str, int]]
    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: dict[str, dict[str, list]] = field(default_factory=dict)  # {kind: {plain name: [as written, rows]}}

    def find(self, kind: str, name: str):
        """An id, "new:Name" for one to be made, or None for one to leave out."""
        key = plain(name)
        if key in self.known[kind]:
            return self.known[kind][key]
        counted = self.unknown.setdefault(kind, {}).setdefault(key, [name, 0])
        counted[1] += 1
        choice = self.choices.get(kind, {}).get(key, LEAVE_OUT)
        if choice == CREATE:
            return f"new:{counted[0]}"
        return None if choice == LEAVE_OUT else int(choice)

    def split(self, kind: str, cell: str):
        """The names in a cell. A comma may be part of one, so it cuts only where the pieces are known and the whole
        is not."""
        for part in re.split(r"[;|\n]", cell):
            name = " ".join(unguarded(part.strip()).split())
            pieces = [piece.strip() for piece in name.split(",")]
            if plain(name) not in self.known[kind] and any(plain(piece) in self.known[kind] for piece in pieces):
                yield from filter(None, pieces)
            elif name:
                yield name


@dataclass
class Row:
    values: dict
    problems: list[str]
    warnings: list[str]


def check(cells: dict[str, str], names: Names) -> Row:
    """`cells` by our names (mapping.picked)."""
    row = Row({}, [], [])
    for key, cell in cells.items():
        try:
            _read(row, key, cell, names)
        except ValidationError as problem:
            row.problems.append(f"{BY_KEY[key].label} {problem.message}")
    return row


def _read(row, key, cell, names):
    if key in MANY:
        found = [names.find(key, name[:100]) for name in names.split(key, cell)]
        row.values[key] = sorted({one for one in found if one is not None}, key=str)
    elif key == "stage":
        found = names.find("stage", BY_KEY[key].clean(cell))
        if found is not None:
            row.values[key] = found
    else:
        row.values[key] = BY_KEY[key].clean(cell)
