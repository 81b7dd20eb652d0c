"""The places of a board: what a card stands above, and the keys between which it will stand.

In SQL of its own, because every drag asks it: put together from querysets it cost more than the move.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

NEXT_DOWN = """(
    SELECT below.reference FROM sprints_commitment AS below JOIN backlog_story AS its ON its.id = below.story_id
    WHERE below.sprint_id = sprints_commitment.sprint_id AND below.held AND its.state = backlog_story.state
        AND below.rank > sprints_commitment.rank
    ORDER BY below.rank LIMIT 1)
"""
COLUMN = """
    SELECT beside.id, beside.reference, beside.rank, (
        SELECT {nearest}(one.rank) FROM sprints_commitment AS one
        WHERE one.sprint_id = beside.sprint_id AND one.held AND one.id <> %(card)s AND one.rank {beyond} beside.rank)
    FROM sprints_commitment AS beside JOIN backlog_story AS story ON story.id = beside.story_id
    WHERE beside.sprint_id = %(sprint)s AND beside.held AND beside.id <> %(card)s AND story.state = %(state)s
"""
ABOVE, BELOW = {"nearest": "max", "beyond": "<"}, {"nearest": "min", "beyond": ">"}
BESIDE = {
    "bottom": COLUMN.format(**BELOW) + "ORDER BY beside.rank DESC LIMIT 1",
    "top": COLUMN.format(**ABOVE) + "ORDER BY beside.rank LIMIT 1",
    "before": COLUMN.format(**ABOVE) + "AND beside.reference = %(other)s",
}


@dataclass(frozen=True)
class Beside:
    """A card of the column, and the key on its other side: of the whole board, whose keys are each used once."""

    pk: int
    reference: str
    rank: str
    beyond: str | None


def next_down():
    """The reference of the card below, for a query of cards and their stories; nothing for the last of its column."""
    return RawSQL(NEXT_DOWN, [], output_field=TextField())


def put(card, rank):
    """Write its key."""
    card.rank = rank
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sprints_commitment SET rank = %s WHERE id = %s", [rank, card.pk])


def beside(card, where, other="") -> Beside | None:
    """The card above which this one will stand, or below which at the bottom; None where there is no such card."""
    asked = {"sprint": card.sprint_id, "card": card.pk, "state": card.story.state, "other": other}
    with connection.cursor() as cursor:
        cursor.execute(BESIDE[where], asked)
        found = cursor.fetchone()
    return Beside(*found) if found else None
