"""Value, size and score of an opportunity (domain.md §3). No database."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

VALUES = {1: "very low", 2: "low", 3: "medium", 5: "high", 8: "very high"}
SIZES = {1: "XS", 2: "S", 3: "M", 5: "L", 8: "XL"}
VALUE_MEANS = {
    1: "Few people, small nuisance",
    2: "Some people, small nuisance",
    3: "Many put out, or some stuck",
    5: "Many stuck, or money lost",
    8: "Harm, or most people stuck",
}
SIZE_MEANS = {
    1: "Days, one person",
    2: "A sprint or less",
    3: "Two or three sprints",
    5: "A quarter, two teams",
    8: "Longer: split it",
}
WORTH_UNIT = 120  # the least number that every size divides, so value × 120 ÷ size is a whole number


@dataclass(frozen=True)
class Quadrant:
    key: str
    name: str
    rule: str


QUICK_WIN = Quadrant("quick-win", "Quick win", "Value 5 or more, size M or less")
BIG_BET = Quadrant("big-bet", "Big bet", "Value 5 or more, size L or more")
FILL_IN = Quadrant("fill-in", "Fill-in", "Value 3 or less, size M or less")
RECONSIDER = Quadrant("reconsider", "Reconsider", "Value 3 or less, size L or more")
QUADRANTS = [QUICK_WIN, BIG_BET, FILL_IN, RECONSIDER]


def score(value: int | None, size: int | None) -> Decimal | None:
    """VALUE ÷ SIZE to two places, half up; None when either is not yet known."""
    if value is None or size is None:
        return None
    return (Decimal(value) / Decimal(size)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def worth(value: int, size: int) -> Fraction:
    """The exact score, for comparing: 8 ÷ 3 beats 2.66."""
    return Fraction(value, size)


def quadrant(value: int | None, size: int | None) -> Quadrant | None:
    if value is None or size is None:
        return None
    if value >= 5:
        return QUICK_WIN if size <= 3 else BIG_BET
    return FILL_IN if size <= 3 else RECONSIDER


def spread_is_wide(scores) -> bool:
    """Two steps or more on the scale between the lowest and the highest: talk, do not average."""
    steps = [list(VALUES).index(score) for score in scores]
    return bool(steps) and max(steps) - min(steps) >= 2


def merit(value: int | None, size: int | None, *, must_do: bool, evidence: int) -> int | None:
    """The default order as one number, as the database computes it: for asking what a change would do."""
    if value is None or size is None:
        return None
    exact = value * WORTH_UNIT // size
    people = min(evidence, (1 << 22) - 1)
    return (must_do << 40) + (exact << 30) + (value << 26) + ((8 - size) << 22) + people
