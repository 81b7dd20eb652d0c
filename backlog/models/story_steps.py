"""How a story goes from state to state: what stands in the way, and what is written. Call these in a transaction."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from .story_states import CLOSED, REFUSED, STEPS, StoryState

LONGEST_COMMENT = 1000


def move_to(story, state, *, by, comment=""):
    """Any step that domain.md §2.2 allows; returns its line of history. Raises ValidationError with the sentence to
    show."""
    step = STEPS.get((story.state, state))
    if step is None:
        raise ValidationError(_no_way(story, state))
    return take(story, step, state, by=by, comment=comment.strip())


def take(story, step, state, *, by, comment=""):
    _check(story, step, state, by, comment)
    return write(story, state, f"{step.words}: {comment}" if comment else step.words, by=by, comment=comment)


def write(story, state, words, *, by, comment="", undo_also=None):
    """The story in its new state, a line of history and a row for the figures."""
    was, now = story.state, timezone.now()
    fields = {"state": state, "state_since": now}
    if state == StoryState.WONT_DO:
        fields["reason"] = comment
    if state == StoryState.DONE or was == StoryState.DONE:
        fields["done_at"] = now if state == StoryState.DONE else None
    if state in CLOSED or was in CLOSED:
        fields["rank"] = None if state in CLOSED else type(story).objects.keys_at_end(story.team)[0]
    # What was signed off is taken back by reopening it, which its sprint has a say in.
    change = story.change(words, by=by, remember=state != StoryState.DONE, undo_also=undo_also, **fields)
    row(story, was, state, by=by, comment=comment).save()
    return change


def row(story, was, state, *, by, comment=""):
    """What remembers a step, not yet saved."""
    return story.moves.model(
        story=story,
        team_id=story.team_id,
        from_state=was,
        to_state=state,
        points=story.points,
        comment=comment,
        by=by,
        by_name=by.name,
    )


def _check(story, step, state, by, comment):
    if step.by and not step.open_to(story.authority_of(by)):
        raise ValidationError(REFUSED[step.by])
    if step.asks and not comment:
        raise ValidationError(step.asks)
    if len(comment) > LONGEST_COMMENT:
        raise ValidationError(f"Use {LONGEST_COMMENT:,} characters at most")
    if state == StoryState.READY and (missing := story.missing()):
        raise ValidationError(f"Before {story.reference} is ready, say {listed(missing.values())}")
    if state == StoryState.DONE:
        _check_ticks(story)


def _check_ticks(story):
    story.lock()  # nobody takes a tick away meanwhile; other changes show in the version
    if open_ := story.criteria.filter(done=False).count():
        lines = "1 acceptance criterion is" if open_ == 1 else f"{open_} acceptance criteria are"
        raise ValidationError(f"{lines} not ticked yet, so {story.reference} cannot be signed off")


def _no_way(story, state):
    if state not in StoryState.values:
        return "Choose a state from the list"
    now, wanted = story.get_state_display(), StoryState(state).label
    if state == story.state:
        return f"{story.reference} is “{now}” already"
    if story.state == StoryState.DONE:
        return f"{story.reference} is done. The product owner can reopen it while its sprint is active"
    ways = [f"“{StoryState(to).label}”" for start, to in STEPS if start == story.state]
    if not ways:
        return f"{story.reference} is “{now}” and stays so. Add a new item if it is wanted after all"
    return f"{story.reference} is “{now}”: it cannot become “{wanted}” from there, only {' or '.join(ways)}"


def listed(words) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
