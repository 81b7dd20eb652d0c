"""Where the dots of the value × size chart stand. No database.

Five columns of size and five rows of value; the lines between the quadrants lie between M and L, and between 5 and 3.
"""

from dataclasses import dataclass

from backlog import scoring

LEFT, TOP, CELL_WIDTH, CELL_HEIGHT = 64, 14, 227, 107
WIDTH, HEIGHT = LEFT + 5 * CELL_WIDTH + 1, 600
RADIUS, STEP = 17, 40  # of a dot, and from one dot to the next
ACROSS = 5  # dots side by side before a second row begins
MOST_IN_A_CELL = 10  # more become one bubble with their number
MANY_PEOPLE = 7
ACROSS_OF = {size: place for place, size in enumerate(scoring.SIZES)}
DOWN_OF = {value: place for place, value in enumerate(reversed(scoring.VALUES))}


@dataclass(frozen=True)
class Dot:
    thing: object
    x: float
    y: float


@dataclass(frozen=True)
class Bubble:
    """A cell with more opportunities than fit."""

    value: int
    size: int
    count: int
    x: float
    y: float

    @property
    def quadrant(self):
        return scoring.quadrant(self.value, self.size)

    @property
    def radius(self):
        return 22 if self.count < 100 else 28 if self.count < 1000 else 36


def middle(value: int, size: int) -> tuple[float, float]:
    return LEFT + CELL_WIDTH * (ACROSS_OF[size] + 0.5), TOP + CELL_HEIGHT * (DOWN_OF[value] + 0.5)


def fan_out(things) -> list[Dot]:
    """Things of one cell beside each other, in rows about its middle, so that none hides another."""
    if not things:
        return []
    x, y = middle(things[0].value, things[0].size)
    rows = [things[start : start + ACROSS] for start in range(0, len(things), ACROSS)]
    return [
        Dot(thing, x + STEP * (at - (len(row) - 1) / 2), y + STEP * (down - (len(rows) - 1) / 2))
        for down, row in enumerate(rows)
        for at, thing in enumerate(row)
    ]


def marks(things, counts) -> tuple[list[Dot], list[Bubble]]:
    """The dots, and the bubbles of the cells that hold too many. `counts` says how many each (value, size) holds."""
    dots, bubbles = [], []
    for (value, size), count in counts.items():
        if count > MOST_IN_A_CELL:
            bubbles.append(Bubble(value, size, count, *middle(value, size)))
        else:
            dots += fan_out([thing for thing in things if (thing.value, thing.size) == (value, size)])
    return dots, bubbles


def sentence(counts) -> str:
    """What the chart shows, for those who do not see it."""
    total = sum(counts.values())
    if not total:
        return "Nothing stands on the chart yet."
    in_each = by_quadrant(counts)
    names = {
        scoring.QUICK_WIN: ("quick win", "quick wins"),
        scoring.BIG_BET: ("big bet", "big bets"),
        scoring.FILL_IN: ("fill-in", "fill-ins"),
        scoring.RECONSIDER: ("to reconsider", "to reconsider"),
    }
    parts = [
        f"{count:,} {'is' if count == 1 else 'are'} {_named(names[one], count, one)}"
        for one, count in in_each.items()
        if count
    ]
    return f"Of {total:,}, {_listed(parts)}."


def by_quadrant(counts) -> dict:
    """How many stand in each of the four quadrants."""
    found = dict.fromkeys(scoring.QUADRANTS, 0)
    for (value, size), count in counts.items():
        found[scoring.quadrant(value, size)] += count
    return found


def _named(words, count, quadrant):
    one, many = words
    if quadrant == scoring.RECONSIDER:
        return one
    return f"a {one}" if count == 1 else many


def _listed(parts):
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
