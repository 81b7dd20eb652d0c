"""How a change of a story is taken back, with what belongs to it. Call this in a transaction."""

from . import story_split, story_steps, story_words, undoing


def take_back(story, change, *, by):
    """Raises Conflict when the story has changed since, and ValidationError when that would lose something."""
    lines = undoing.lines(story, change)
    kept, was = undoing.replaced(lines), story.state
    if "rank" in kept["fields"]:
        story.order()  # before any row, as every move does
    story_split.take_back(story, kept.get("parts", {}), by=by)
    before = {name: undoing.value_of(story, name, old) for name, old in kept["fields"].items()}
    story.change(undoing.in_words(lines), by=by, remember=False, **before)
    if "criteria" in kept:
        story_words.write_criteria(story, [text for text, _ in kept["criteria"]], ticks=dict(kept["criteria"]))
    if story.state != was:
        story_steps.row(story, was, story.state, by=by).save()
    undoing.close(lines)
