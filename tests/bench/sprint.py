"""A team's stories and a sprint of many cards, made in bulk and started by the product's own verb."""

import datetime as dt

from django.utils import timezone

from backlog.fractional import spread
from backlog.models import Criterion, Story, StoryState
from sprints.models import Commitment, Sprint

STORIES, CARDS = 10_000, 500
ON_BOARD = [StoryState.READY, StoryState.IN_PROGRESS, StoryState.IN_REVIEW, StoryState.SIGN_OFF]


def seed(seeded) -> Sprint:
    """Those of the sprint come first and are shared out between the columns; the others wait."""
    stories = _stories(seeded.team, seeded.product_owner)
    today = timezone.localdate()
    sprint = Sprint.objects.plan(
        seeded.team,
        by=seeded.product_owner,
        goal="People know their next three steps",
        starts_on=today,
        ends_on=today + dt.timedelta(13),
    )
    Commitment.objects.bulk_create(
        Commitment(
            sprint=sprint,
            team=seeded.team,
            story=story,
            rank=story.rank,
            reference=story.reference,
            title=story.title,
            points=story.points,
            added_by=seeded.product_owner,
        )
        for story in stories[:CARDS]
    )
    sprint.start(by=seeded.product_owner)
    return sprint


def _stories(team, by):
    first = team.next_number
    stories = [
        Story(
            team=team,
            programme=team.programme,
            number=first + place,
            reference=f"{team.prefix}-{first + place}",
            title=f"See step {place} of what to do next",
            actor="someone whose relative has just died",
            need=f"see step {place}",
            so_that="nothing urgent is missed",
            points=(1, 2, 3, 5, 8)[place % 5],
            state=ON_BOARD[place % 4] if place < CARDS else StoryState.BACKLOG,
            rank=rank,
            created_by=by,
        )
        for place, rank in enumerate(spread(STORIES))
    ]
    Story.objects.bulk_create(stories, batch_size=1000)
    Criterion.objects.bulk_create(
        Criterion(story=story, position=1, text="The next step stands first") for story in stories[:CARDS]
    )
    team.next_number += STORIES
    team.save(update_fields=["next_number"])
    return stories
