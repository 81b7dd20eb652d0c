"""What tells one board from another: the sums of each column, with a figure that changes with anything it shows.

In SQL of its own: every screen asks it every two seconds, and every move once, so no card is read for it.
"""

from dataclasses import dataclass, replace

from django.db import connection

from .blocker_states import OPEN

MARK = "hashtextextended(concat_ws(' ', story.id, {version}, {rank}, stop.marks), 0)"
IS, WAS = (
    MARK.format(version="story.version", rank="card.rank"),
    MARK.format(version="%(version)s::text", rank="%(rank)s::text"),
)
SUMS = f"""
    SELECT story.state, count(*), coalesce(sum(story.points), 0),
        coalesce(sum(stop.blockers), 0), coalesce(sum(stop.risks), 0), sum({IS}){{more}}
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
ONE_CARD = f""",
        count(*) FILTER (WHERE card.rank <= %(now)s),
        sum({IS}) FILTER (WHERE card.id = %(card)s), sum({WAS}) FILTER (WHERE card.id = %(card)s)
"""


@dataclass(frozen=True)
class Sum:
    """One column: its cards, their points and open blockers, how many of those risk the goal, and its mark."""

    cards: int = 0
    points: int = 0
    blockers: int = 0
    risks: int = 0
    mark: int = 0
    down_to: int = 0  # cards as far down as the one that was asked about

    def with_card(self, points, mark):
        return replace(self, cards=self.cards + 1, points=self.points + points, mark=self.mark + mark)

    def without_card(self, points, mark):
        return replace(self, cards=self.cards - 1, points=self.points - points, mark=self.mark - mark)


def sums_of(sprint) -> dict:
    """State to Sum; a state without cards is left out."""
    return {state: Sum(*map(int, facts)) for state, *facts in _asked(SUMS.format(more=""), sprint)}


def sums_around(sprint, card, state, version, rank) -> tuple[dict, dict]:
    """The sums before and after a card's move, from one look: what it was then is reckoned out of what it is now."""
    asked = {"card": card.pk, "now": card.rank, "version": str(version), "rank": rank}
    after = {}
    for here, *facts, is_, was in _asked(SUMS.format(more=ONE_CARD), sprint, **asked):
        after[here] = Sum(*map(int, facts))
        if was is not None:
            now, mark, old_mark = here, int(is_), int(was)
    points = card.story.points or 0
    before = after | {now: after[now].without_card(points, mark)}
    before[state] = before.get(state, Sum()).with_card(points, old_mark)
    return before, after


def _asked(sql, sprint, **more):
    asked = {"sprint": sprint.pk, "team": sprint.team_id, "open": list(map(str, OPEN))}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked | more)
        return cursor.fetchall()
