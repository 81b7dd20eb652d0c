"""A team's stories and a sprint of many cards, made in bulk and started by the product's own verb."""

import datetime as dt
import itertools

from django.utils import timezone

from backlog.fractional import spread
from backlog.models import Criterion, Story, StoryState
from sprints.models import Commitment, Sprint
from tests.bench.pages import G1, G5
from tests.bench.targets import Ask, Goal, Target

STORIES, CARDS = 10_000, 500
ON_BOARD = [StoryState.READY, StoryState.IN_PROGRESS, StoryState.IN_REVIEW, StoryState.SIGN_OFF]
BOARD, CARD, LIST = f"board, {CARDS} cards", "move a card", f"stories, {STORIES:,}"
G2 = Goal("G2", cpu=1.5, reply=300_000)


def seed(seeded) -> Sprint:
    """Those of the sprint come first and are shared out between the columns; the others wait."""
    team, by, today = seeded.team, seeded.product_owner, timezone.localdate()
    stories = Story.objects.bulk_create(_stories(team, by), batch_size=1000)
    team.take_numbers(STORIES)
    Criterion.objects.bulk_create(
        Criterion(story=story, position=1, text="The next step stands first") for story in stories[:CARDS]
    )
    weeks = {"starts_on": today, "ends_on": today + dt.timedelta(13)}
    sprint = Sprint.objects.plan(team, by=by, goal="People know their next three steps", **weeks)
    Commitment.objects.bulk_create(
        Commitment(
            sprint=sprint,
            team=team,
            story=story,
            rank=story.rank,
            reference=story.reference,
            title=story.title,
            points=story.points,
            added_by=by,
        )
        for story in stories[:CARDS]
    )
    sprint.start(by=by)
    return sprint


def _stories(team, by):
    return [
        Story(
            team=team,
            programme=team.programme,
            number=number,
            reference=f"{team.prefix}-{number}",
            title=f"See step {place} of what to do next",
            actor="someone whose relative has just died",
            need=f"see step {place}",
            so_that="nothing urgent is missed",
            points=(1, 2, 3, 5, 8)[place % 5],
            state=ON_BOARD[place % 4] if place < CARDS else StoryState.BACKLOG,
            rank=rank,
            created_by=by,
        )
        for place, (number, rank) in enumerate(zip(itertools.count(team.next_number), spread(STORIES), strict=False))
    ]


def floor(seeded) -> list[Target]:
    cards = itertools.repeat(Ask(f"/board/{seeded.team.slug}/"))
    return [Target("(board)", cards, seeded.size, floor="(board)", site="floor")]


def targets(seeded) -> list[Target]:
    """The board, a card that crosses it and comes back, and a backlog of stories."""
    team_url = f"/teams/{seeded.team.slug}"
    board, stories = (itertools.repeat(Ask(f"{team_url}/{page}/")) for page in ("sprints/1", "stories"))
    return [
        Target(BOARD, board, seeded.size, G2, floor="(board)"),
        Target(CARD, card_asks(seeded, f"{team_url}/sprints/1"), seeded.size, G5, floor="(d2)"),
        Target(LIST, stories, seeded.size, G1),
    ]


def card_asks(seeded, sprint_url):
    cards = seeded.team.stories.filter(state="ready", commitments__held=True).values_list("reference", flat=True)
    for was, to in itertools.cycle([("ready", "in_progress"), ("in_progress", "ready")]):
        for reference in cards:
            yield Ask(f"{sprint_url}/cards/{reference}/move/", {"to": to, "where": "top", "seen": was})
