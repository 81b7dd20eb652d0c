"""What several people scored silently, side by side. No database."""

from dataclasses import dataclass

from backlog import scoring


@dataclass(frozen=True)
class Spread:
    """Values and sizes that people gave one opportunity, lowest first."""

    values: list
    sizes: list
    people: int

    @classmethod
    def of(cls, scores):
        scores = list(scores)
        values = sorted(score.value for score in scores if score.value)
        sizes = sorted(score.size for score in scores if score.size)
        return cls(values, sizes, len(scores))

    @property
    def value_words(self):
        return between(self.values)

    @property
    def size_words(self):
        return between([scoring.SIZES[size] for size in self.sizes])

    @property
    def value_is_wide(self):
        return scoring.spread_is_wide(self.values)

    @property
    def size_is_wide(self):
        return scoring.spread_is_wide(self.sizes)

    @property
    def is_wide(self):
        return self.value_is_wide or self.size_is_wide

    @property
    def steps(self) -> int:
        """How far apart the room is, for putting disagreements in order."""
        return sum(steps(marks) for marks in (self.values, self.sizes))


def between(marks) -> str:
    """From the lowest to the highest: "5 to 8", or "5" when all agree."""
    if not marks:
        return ""
    return str(marks[0]) if marks[0] == marks[-1] else f"{marks[0]} to {marks[-1]}"


def steps(marks) -> int:
    scale = list(scoring.VALUES)
    return scale.index(marks[-1]) - scale.index(marks[0]) if marks else 0
