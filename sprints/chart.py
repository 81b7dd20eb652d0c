"""Charts as coordinates: what a template draws as SVG, and the sentence that says the same. No database, no clock."""

from dataclasses import dataclass

from sprints.burndown import even_pace
from sprints.flow import COLUMNS

LEFT, RIGHT, TOP, BOTTOM = 34, 394, 16, 118
EDGE = 360  # right of it the words of a mark stand before it, or they would leave the drawing
STEPS = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000]
BANDS = ["done", "sign_off", "in_review", "in_progress", "ready"]  # from the ground up


@dataclass(frozen=True)
class Scale:
    """From figures to a drawing of 416 by 142."""

    across: int
    most: int

    @property
    def step(self) -> int:
        return next((one for one in STEPS if self.most / one <= 4), STEPS[-1])

    @property
    def grid(self) -> list:
        """(y, label) of the lines across; the ground is no line of the grid."""
        return [(self.y(n), n) for n in range(self.step, self.most + 1, self.step)]

    def x(self, number) -> float:
        return round(LEFT + (RIGHT - LEFT) * number / max(self.across, 1), 1)

    def y(self, figure) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * figure / max(self.most, 1), 1)

    def path(self, points) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in points)


def draw_burndown(days) -> dict:
    """The line of what is left at the end of each day; a change of scope is a step straight up or down."""
    known = [day for day in days if day.scope is not None]
    scale = Scale(len(days) - 1, max(day.left + max(-day.scope_by, 0) for day in known) or 1)
    line, points, marks = [(scale.x(0), scale.y(known[0].left))], [], []
    for day in known[1:]:
        x, y = scale.x(day.number), scale.y(day.left)
        if day.scope_by:
            line.append((x, scale.y(max(day.left - day.scope_by, 0))))
            marks.append(_mark(day, x, min(y, line[-1][1]) - 4))
        line.append((x, y))
        points.append((x, y))
    last = {"x": line[-1][0], "y": line[-1][1], "left": known[-1].left, "low": _foot(line)}
    if marks and line[-1][0] > EDGE and known[-1].scope_by:
        last["scope"] = marks.pop()["words"]  # there is room for one line of words at the edge
    pace = [(scale.x(n), scale.y(left)) for n, left in enumerate(even_pace(known[0].left, days[1:]))]
    return {
        "scale": scale,
        "ticks": [(scale.x(day.number), day.number, day is known[-1]) for day in days[1:]],
        "pace": scale.path([pace[0], pace[-1]]),
        "line": scale.path(line),
        "points": points,
        "marks": marks,
        "last": last,
    }


def _foot(line) -> float:
    """The lower end of where the line ends, which a change of scope may have moved straight up."""
    return max(y for x, y in line if x == line[-1][0])


def _mark(day, x, y) -> dict:
    words = f"{day.scope_by:+d} scope".replace("-", "−")
    return {"x": x - 6, "y": y, "words": words, "anchor": "end"} if x > EDGE else {"x": x + 6, "y": y, "words": words}


def say_burndown(days) -> str:
    known = [day for day in days if day.scope is not None]
    last = known[-1]
    points = f"{last.scope} point{'' if last.scope == 1 else 's'}"
    by = f"by day {last.number}" if last.number else "at the start"
    words = [f"{last.done} of {points} done {by}."]
    for day in known:
        for story, change in day.scope_changes:
            came = "added" if change > 0 else "took away"
            words.append(f"{story} {came} {abs(change)} on day {day.number}.")
    return " ".join([*words, "The dotted line is an even pace."])


def draw_flow(days) -> dict:
    """One band for each column, done at the ground, each day as high as there are stories."""
    totals = [sum(day.counts.values()) for day in days]
    scale = Scale(len(days) - 1, max([*totals, 1]))
    ground = [0] * len(days)
    bands = []
    for state in BANDS:
        top = [below + day.counts[state] for below, day in zip(ground, days, strict=True)]
        edge = [(scale.x(n), scale.y(height)) for n, height in enumerate(top)]
        floor = [(scale.x(n), scale.y(height)) for n, height in enumerate(ground)]
        middle = scale.y((top[-1] + ground[-1]) / 2)
        bands.append({
            "state": state, "label": COLUMNS[state], "path": scale.path([*edge, *reversed(floor)]) + "Z",
            "count": days[-1].counts[state], "y": middle,
        })  # fmt: skip
        ground = top
    return {"scale": scale, "bands": bands, "ticks": [(scale.x(n), days[n].date) for n in (0, len(days) - 1)]}


def draw_times(times) -> dict:
    """A dot for each story, those that took as long one above the other."""
    scale = Scale(max(times), max(times.count(time) for time in set(times)))
    seen, dots = {}, []
    for time in sorted(times):
        seen[time] = seen.get(time, 0) + 1
        dots.append((scale.x(time), scale.y(seen[time])))
    return {"scale": scale, "dots": dots, "ticks": [(scale.x(n), n) for n in sorted(set(times))]}
