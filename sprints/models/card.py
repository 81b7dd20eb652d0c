"""The cards of a board as plain rows: of five hundred, no object of the database is made."""

from typing import NamedTuple

from backlog.models import StoryState
from teams.models.user import initials_of

FACTS = [
    *("pk", "reference", "held", "sealed", "points", "story_id"),
    *("story__title", "story__source", "story__points", "story__state", "story__version", "story__assignee__name"),
]


class Card(NamedTuple):
    pk: int
    reference: str
    held: bool
    sealed: bool
    points: int  # when it came in
    story_id: int
    title: str
    source: str
    size: int | None  # now
    state: str
    version: int
    assignee: str | None

    @classmethod
    def of(cls, commitment):
        story = commitment.story
        return cls(
            *(commitment.pk, commitment.reference, commitment.held, commitment.sealed, commitment.points, story.pk),
            *(story.title, story.source, story.points, story.state, story.version),
            story.assignee.name if story.assignee else None,
        )

    @property
    def initials(self):
        return initials_of(self.assignee)

    @property
    def state_in_words(self):
        return StoryState(self.state).label


def cards_of(commitments) -> list:
    return [Card(*row) for row in commitments.in_place().values_list(*FACTS)]
