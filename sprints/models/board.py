"""The board of an active sprint: where a card stands, and how it moves."""

from collections import deque
from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextField, Value
from django.db.models.functions import Cast, Concat

from backlog.fractional import one_between, spread
from backlog.models import story_steps
from backlog.models.story_states import STEPS, StoryState
from sprints.flow import COLUMNS
from teams.models import Change, Conflict
from teams.prepared import prepared

from .board_places import Beside, beside, next_down, put
from .board_sums import sums_around
from .commitment import Commitment

LONGEST = 50  # a longer key asks for the board to be spread out again


@dataclass(frozen=True)
class Moved:
    """What a move did: the card, where it was and is, what it stood and stands above, what can be undone, and the
    sums of the board before and after."""

    card: Commitment
    was: str
    was_above: str  # a reference; nothing for the last of its column
    above: Beside | None
    change: Change | None
    before: dict
    after: dict

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
    card = _held(sprint, reference)
    was, stood = card.story.state, (card.story.state, card.story.version, card.rank)
    if was != to and seen and was != seen:
        raise Conflict(card.story)
    if undo and was != to:
        card.story.undo(undo, by=by)
    change = None if undo else _walk(card.story, to, by, comment)
    above = _place(sprint, card, where, other)
    return Moved(card, was, card.was_above or "", above, change, *sums_around(sprint, card, *stood))


def _held(sprint, reference):
    """The card and its story as it is now, until the transaction ends, with what it stands above."""
    found = _card_in(sprint.pk, reference)
    if not found:
        raise ValidationError(f"{reference} is not in this sprint any more")
    [card] = found
    card.sprint, card.story.team = sprint, sprint.team
    return card


@prepared
def _card_in(sprint: int, reference: str):
    cards = Commitment.objects.held().filter(sprint=sprint, reference=reference).annotate(was_above=next_down())
    cards = cards.select_related("story__assignee").defer("story__description")
    return cards.select_for_update(no_key=True, of=("story",))


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
    """Take the story there step by step. Returns the line of history whose undo takes all of them back."""
    if story.state == to:
        return None
    if to not in COLUMNS:
        raise ValidationError("Choose a column of the board")
    if story.state == StoryState.DONE and to == StoryState.IN_PROGRESS:
        return story.reopen(by=by)
    path = way(story.state, to, may_ask=bool(comment)) or [to]
    story.together = str(uuid4()) if len(path) > 1 else None
    for state in path:
        step = STEPS.get((story.state, state))
        change = story_steps.move_to(story, state, by=by, comment=comment if step and step.asks else "")
    return change if change.undo else None


def _place(sprint, card, where, other):
    """Write where the card stands in its column. Returns the card below it."""
    one = beside(card, where, other)
    if where == "before" and one is None:
        raise ValidationError(f"{other} is not in that column any more. Choose another place")
    if one is None:
        return None  # alone in its column, it stands well wherever it stood
    ends = (one.rank, one.beyond) if where == "bottom" else (one.beyond, one.rank)
    put(card, one_between(*ends))
    if len(card.rank) > LONGEST:
        _spread_out(sprint)
        card.refresh_from_db(fields=["rank"])
    return None if where == "bottom" else one


def _spread_out(sprint):
    """Keys grow where cards are often put between the same two; give the whole board short ones again."""
    held = sprint.commitments.held()
    rows = list(held.in_place().only("sprint"))
    # A tilde sorts after every digit, so no key is used twice on the way.
    held.update(rank=Concat(Value("~"), Cast("pk", TextField())))
    for one, key in zip(rows, spread(len(rows)), strict=True):
        one.rank = key
    Commitment.objects.bulk_update(rows, ["rank"])
