"""What a story must say, and its acceptance criteria."""

from copy import copy

from django.core.exceptions import ValidationError

from .story_states import READY_OR_LATER, Kind, StoryState

MOST_CRITERIA = 30


def missing(story, criteria=None) -> dict:
    """What the Definition of Ready still asks of it (domain.md §2.2): field to what is missing, in words."""
    asked = {"points": "a size"}
    if story.kind == Kind.USER_STORY:
        asked = {"actor": "who it is for", "need": "what they need", "so_that": "what for", **asked}
    missing = {field: words for field, words in asked.items() if not getattr(story, field)}
    has_criteria = story.criteria.exists() if criteria is None else any(criteria)
    return missing if has_criteria else missing | {"criteria": "an acceptance criterion"}


def check(story, fields, criteria):
    """What the database would refuse of an edit, as sentences beside the fields."""
    edited = copy(story)
    for name, new in fields.items():
        setattr(edited, name, new)
    if not edited.title:
        raise ValidationError({"title": "Enter a title, or what the user needs"})
    if story.state == StoryState.DONE and edited.points != story.points:
        raise ValidationError({"points": "It is done: its size has been counted and stays as it is"})
    lacks = missing(edited, criteria) if story.state in READY_OR_LATER else {}
    if lacks:
        state = story.get_state_display()
        raise ValidationError({name: f"It is “{state}”, so it must say {words}" for name, words in lacks.items()})


def write_criteria(story, texts, ticks=None):
    """Its criteria are now these lines; a line that was there before keeps its tick."""
    texts = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(texts) > MOST_CRITERIA:
        raise ValidationError({"criteria": f"Enter {MOST_CRITERIA} criteria at most. A story with more is several"})
    was = {one.text: one.done for one in story.criteria.all()}
    if [*was] == texts:
        return
    ticks = (ticks or {}) | was
    story.criteria.all().delete()
    lines = [
        story.criteria.model(story=story, position=place, text=text, done=ticks.get(text, False))
        for place, text in enumerate(texts, 1)
    ]
    story.criteria.bulk_create(lines)
