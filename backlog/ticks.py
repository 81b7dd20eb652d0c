"""The row of squares above a review: one for each opportunity, grouped as the journey's stages. No database."""

from dataclasses import dataclass

SQUARE, STEP, GAP = 14, 18, 12
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


@dataclass(frozen=True)
class Tick:
    x: int
    y: int
    side: int
    kind: str  # d decided, k skipped, e decided elsewhere, n the one shown, nothing: still to come


@dataclass(frozen=True)
class Ticks:
    squares: list
    width: int
    words: str


def ticks(items, shown=None) -> Ticks:
    """`items` in the order of their positions, each with its opportunity and stage."""
    squares, x, before = [], 1, None
    for item in items:
        stage = _stage(item)
        x += GAP if squares and stage != before else 0
        squares.append(_square(x, "n" if shown and item.pk == shown.pk else _kind(item)))
        x, before = x + STEP, stage
    return Ticks(squares, max(x - (STEP - SQUARE) + 1, 1), _words(items, shown))


def _square(x, kind):
    """Decided ones are a little larger than those to come, the one shown stands out in height."""
    if kind == "n":
        return Tick(x, 1, 26, kind)
    return Tick(x, 6, 16, kind) if kind == "d" else Tick(x, 7, 14, kind)


def _kind(item):
    if item.is_reviewed:
        return "d"
    if item.is_elsewhere:
        return "e"
    return "k" if item.skipped_at else ""


def _stage(item):
    return item.opportunity.team_id, item.opportunity.stage_id


def _words(items, shown):
    stages = {_stage(item) for item in items}
    kinds = [_kind(item) for item in items]
    parts = [f"{kinds.count('d')} reviewed"]
    parts += [f"{kinds.count('k')} skipped"] if "k" in kinds else []
    parts += [f"{kinds.count('e')} decided elsewhere"] if "e" in kinds else []
    parts += [f"now at number {_place(items, shown)}"] if shown else []
    return f"{_many(len(items), 'opportunity', 'opportunities')} in {_many(len(stages), 'stage', 'stages')}: " + (
        ", ".join(parts)
    )


def _place(items, shown):
    same = [item.pk for item in items if _stage(item) == _stage(shown)]
    place = same.index(shown.pk) + 1
    nth = ORDINALS[place - 1] if place <= len(ORDINALS) else f"number {place}"
    stage = next(item for item in items if item.pk == shown.pk).opportunity.stage
    return f"{shown.position}, the {nth} of stage {stage.position}, {stage.name}" if stage else str(shown.position)


def _many(count, one, many):
    words = NUMBERS[count] if many == "stages" and count < len(NUMBERS) else count
    return f"{words} {one if count == 1 else many}"
