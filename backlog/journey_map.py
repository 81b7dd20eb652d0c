"""What a journey map shows: heat by number of people, and the line that sinks where more people met a problem.

No database: it takes the stages and what stands at each of them.
"""

from dataclasses import dataclass

HEAT = [(10, 4), (7, 3), (5, 2), (0, 1)]  # people from here on, how dark
WIDTH, TOP, DEPTH = 900, 24, 90  # of the line's drawing; the page stretches it to the map below


@dataclass(frozen=True)
class Column:
    """One stage of the map (as `with_map` brings it), with its opportunities, most people first."""

    stage: object
    opportunities: list

    @property
    def total(self):
        """Opportunities at this stage, shown or not."""
        return self.stage.total

    @property
    def people(self):
        """Who met a problem here, each opportunity counted by itself."""
        return self.stage.people

    @property
    def more(self):
        return self.total - len(self.opportunities)


def heat(people: int) -> int:
    """1 for a few people, 4 for ten and more."""
    return next(level for least, level in HEAT if people >= least)


def deepest(columns):
    """The stage where most people met a problem; None when nobody did."""
    most = max(columns, key=lambda column: column.people, default=None)
    return most if most and most.people else None


def line(columns) -> list[tuple[float, float]]:
    """A point for each stage, in the middle of its column: the more people, the lower."""
    most = max((column.people for column in columns), default=0) or 1
    step = WIDTH / len(columns) if columns else WIDTH
    return [
        (round(step * (place + 0.5), 1), round(TOP + DEPTH * column.people / most, 1))
        for place, column in enumerate(columns)
    ]


def curve(points) -> str:
    """An SVG path through the points, level at each, from edge to edge."""
    if not points:
        return ""
    path, (x, y) = [f"M0 {points[0][1]:g}"], (0, points[0][1])
    for next_x, next_y in [*points, (WIDTH, points[-1][1])]:
        middle = round((x + next_x) / 2, 1)
        path.append(f"C{middle:g} {y:g} {middle:g} {next_y:g} {next_x:g} {next_y:g}")
        x, y = next_x, next_y
    return " ".join(path)
