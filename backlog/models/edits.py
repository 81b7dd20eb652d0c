"""What an edit changes, and how the history says so: the facts by their names, never the words that stood there."""

from teams.models.versioned import plain

from .story_steps import listed

NAMES = {
    "kind": "the type",
    "title": "the title",
    "actor": "who it is for",
    "need": "what they need",
    "so_that": "what for",
    "recommendation": "the recommendation",
    "description": "the description",
    "criteria": "the acceptance criteria",
    "points": "the size",
    "assignee": "who works on it",
    "channel": "the channel",
    "user_group": "the user group",
    "access_needs": "the access needs",
    "assisted_digital": "the assisted digital need",
    "opportunity": "the parent opportunity",
    "source": "where it came from",
    "stage": "the journey stage",
    "themes": "the themes",
    "services": "the services",
    "evidence_note": "the evidence",
    "earlier_participants": "the participants of earlier research",
    "earlier_reference": "where earlier research is kept",
    "must_do": "the must-do",
    "must_do_reason": "why it must be done",
}


def differing(thing, fields) -> list:
    """The names of those facts that would not stay as they are. What follows from others, such as the place of a
    stage, is none."""
    return [name for name in NAMES if name in fields and plain(getattr(thing, name)) != plain(fields[name])]


def in_words(names) -> str:
    """`names` in the order of the form."""
    return f"edited {listed([words for name, words in NAMES.items() if name in names])}"
