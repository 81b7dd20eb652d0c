"""What tells one board from another: the sums of each column, with a figure that changes with anything it shows.

In SQL of its own: every screen asks it every two seconds, and every move twice, so no card is read for it.
"""

from dataclasses import dataclass

from django.db import connection

from .blocker_states import OPEN

SUMS = """
    SELECT story.state, count(*), coalesce(sum(story.points), 0),
        coalesce(sum(stop.blockers), 0), coalesce(sum(stop.risks), 0),
        sum(hashtextextended(concat_ws(' ', story.id, story.version, card.rank, stop.marks), 0)),
        count(*) FILTER (WHERE card.rank <= %(rank)s)
    FROM sprints_commitment AS card
    JOIN backlog_story AS story ON story.id = card.story_id
    LEFT JOIN (
        SELECT story_id, string_agg(concat_ws('-', id, version), ' ' ORDER BY id) AS marks,
            count(*) AS blockers, count(*) FILTER (WHERE risks_goal) AS risks
        FROM sprints_blocker WHERE team_id = %(team)s AND state = ANY(%(open)s) GROUP BY story_id
    ) AS stop ON stop.story_id = story.id
    WHERE card.sprint_id = %(sprint)s AND card.held
    GROUP BY story.state
"""


@dataclass(frozen=True)
class Sum:
    """One column: its cards, their points and open blockers, how many of those risk the goal, and its mark."""

    cards: int = 0
    points: int = 0
    blockers: int = 0
    risks: int = 0
    mark: int = 0
    down_to: int = 0  # cards as far down as the rank that was asked about


def sums_of(sprint, rank="") -> dict:
    """State to Sum; a state without cards is left out."""
    asked = {"sprint": sprint.pk, "team": sprint.team_id, "rank": rank, "open": list(map(str, OPEN))}
    with connection.cursor() as cursor:
        cursor.execute(SUMS, asked)
        return {state: Sum(*map(int, facts)) for state, *facts in cursor}
