"""The board of an active sprint: where a card stands, and how it moves."""

from collections import deque
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from backlog.fractional import between, spread
from backlog.models.story_states import STEPS, StoryState
from sprints.flow import COLUMNS
from teams.models import Change, Conflict

from . import contents
from .commitment import Commitment

LONGEST = 50  # a longer key asks for the board to be spread out again


@dataclass(frozen=True)
class Moved:
    """What a move did: the card, where it was and is, what it stood and stands above, and what can be undone."""

    card: Commitment
    was: str
    was_above: str  # a reference; nothing for the last of its column
    above: Commitment | None
    change: Change | None = None

    @property
    def story(self):
        return self.card.story

    @property
    def columns(self) -> list:
        return list(dict.fromkeys([self.was, self.story.state]))


@transaction.atomic
def move(sprint, reference, to, *, by, seen="", where="bottom", other="", comment="", undo=None) -> Moved:
    """Put a card into a column, at its top, its bottom or before another.

    Every move holds the sprint's row first, so the board equals some serial order of the moves; doing the same move
    twice does it once. `seen` is the column the person saw it in: raises Conflict when somebody has moved it since.
    `undo` is a step of the story that is taken back instead of taking a new one.
    """
    sprint.hold()
    if not sprint.is_active:
        raise ValidationError(f"{sprint} is {sprint.get_state_display().lower()}: cards move while it is active")
    card = sprint.commitments.held().select_related("story").filter(reference=reference).first()
    if card is None:
        raise ValidationError(f"{reference} is not in this sprint any more")
    [story] = contents.hold([card.story])
    card.story = story
    was = story.state
    if was != to and seen and was != seen:
        raise Conflict(story)
    below = _column(sprint, card).filter(rank__gt=card.rank).values_list("reference", flat=True).first()
    if undo and was != to:
        story.undo(undo, by=by)
    change = None if undo else _walk(story, to, by, comment)
    above = _place(sprint, card, where, other)
    sprint.count_move()
    return Moved(card, was, below or "", above, change)


def _column(sprint, card):
    """The others in the column its story stands in."""
    others = sprint.commitments.held().exclude(pk=card.pk)
    return others.filter(story__state=card.story.state).in_place()


def way(state, to, *, may_ask=False) -> list:
    """The columns a card passes on its way, the last included: work is reviewed before it is signed off. Empty when
    there is none; a step that asks for words is only taken when there `may_ask` are some."""
    waiting, seen = deque([(state, [])]), {state}
    while waiting:
        here, path = waiting.popleft()
        for (start, end), step in STEPS.items():
            if start != here or end in seen or end not in COLUMNS or (step.asks and not may_ask):
                continue
            if end == to:
                return [*path, end]
            seen.add(end)
            waiting.append((end, [*path, end]))
    return []


def _walk(story, to, by, comment):
    """Take the story there step by step. Returns the line of history that can be undone, where one step was enough."""
    if story.state == to:
        return None
    if to not in COLUMNS:
        raise ValidationError("Choose a column of the board")
    path = [to]
    if story.state == StoryState.DONE and to == StoryState.IN_PROGRESS:
        story.reopen(by=by)
    else:
        path = way(story.state, to, may_ask=bool(comment)) or path
        for state in path:
            step = STEPS.get((story.state, state))
            story.move_to(state, by=by, comment=comment if step and step.asks else "")
    return Change.objects.about(story).first() if len(path) == 1 else None


def _place(sprint, card, where, other):
    """Write where the card stands in its column. Returns the card below it."""
    others = sprint.commitments.held().exclude(pk=card.pk)
    column = _column(sprint, card)
    before, last = _before(column, where, other), column.last()
    if last is None:
        return None  # alone in its column, it stands well wherever it stood
    high = before.rank if before else _next_rank(others, last.rank)
    low = others.filter(rank__lt=high) if high else others
    low = low.order_by("-rank").values_list("rank", flat=True).first()
    card.rank = between(low, high)
    Commitment.objects.filter(pk=card.pk).update(rank=card.rank)
    if len(card.rank) > LONGEST:
        _spread_out(sprint)
    return before


def _before(column, where, other):
    if where == "top":
        return column.first()
    if where != "before":
        return None
    found = column.filter(reference=other).first()
    if found is None:
        raise ValidationError(f"{other} is not in that column any more. Choose another place")
    return found


def _next_rank(others, rank):
    return others.filter(rank__gt=rank).order_by("rank").values_list("rank", flat=True).first()


def _spread_out(sprint):
    """Keys grow where cards are often put between the same two; give the whole board short ones again."""
    rows = list(sprint.commitments.held().in_place())
    taken = "~"  # sorts after every digit, so no key is used twice on the way
    for one in rows:
        one.rank = f"{taken}{one.pk}"
    Commitment.objects.bulk_update(rows, ["rank"])
    for one, key in zip(rows, spread(len(rows)), strict=True):
        one.rank = key
    Commitment.objects.bulk_update(rows, ["rank"])
