"""What is asked of the product, and what was promised of it (performance.md §5)."""

from collections.abc import Iterator
from dataclasses import dataclass, field

PAGE_STATEMENTS = 8  # G7
SIZES = (10_000, 100_000, 1_000_000)  # those of a goal's growth
FLAT, FILTERED, SEARCHED = (1.1, 1.15, 1.25), (1.2, 1.5, 2), (1.5, 2, 4)


@dataclass(frozen=True)
class Ask:
    path: str
    data: dict | None = None  # a POST by htmx, if there is any


@dataclass(frozen=True)
class Goal:
    """What must hold at most; None where nothing was promised."""

    name: str = ""
    cpu: float | None = None  # times the floor's
    p50: float | None = None
    growth: tuple | None = None  # times its own CPU at the smallest size, at each of SIZES
    statements: int | None = PAGE_STATEMENTS
    rows: int | None = None  # written
    wal: int | None = None  # bytes
    reply: int | None = None  # bytes


@dataclass(eq=False)
class Target:
    """Something to be asked for again and again. `asks` never ends, and never asks for the same change twice."""

    name: str
    asks: Iterator[Ask] = field(repr=False)
    size: int
    goal: Goal = Goal()
    floor: str = "(c)"  # what its cost is compared with
    site: str = "product"


def by_name(targets) -> dict:
    return {(target.site, target.name, target.size): target for target in targets}
