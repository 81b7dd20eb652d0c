"""A playback as large as one can be, asked of 300 people, all of whom have answered all of it."""

import datetime as dt
import itertools

from django.utils import timezone

from backlog.fractional import spread
from research.models import Answer, Part, Playback, PlaybackItem, Response, Reviewer
from research.models.playback import MOST_ITEMS
from teams.models import ServiceLead, User
from tests.bench.targets import Ask, Goal, Target

READERS = 300
PLAYBACK = f"playback, {MOST_ITEMS} items"


def seed(seeded) -> Playback:
    """Items come from the opportunities that stand first; the edition is frozen by the product's own verb."""
    by = seeded.product_owner
    playback = Playback.objects.compose(
        seeded.team,
        by=by,
        title="Early findings",
        goal="Agree which problems matter most",
        did="We met tenants.",
        reply_by=timezone.localdate() + dt.timedelta(7),
    )
    first = seeded.team.opportunities.ranked().order_by("rank")[:MOST_ITEMS]
    items = [
        PlaybackItem(
            playback=playback, team=seeded.team, part=Part.OPPORTUNITY, opportunity=one, headline=one.title, place=key
        )
        for one, key in zip(first, spread(MOST_ITEMS), strict=False)
    ]
    PlaybackItem.objects.bulk_create(items)
    reviewers = _reviewers(playback, by)
    playback.share(by=by)
    Response.objects.bulk_create(
        Response(
            playback=playback, reviewer=reviewer, item=item, answer=Answer.QUESTION, comment="Since when?", edition=1
        )
        for reviewer in reviewers
        for item in items
    )
    return playback


def _reviewers(playback, by) -> list:
    service = playback.team.programme.services.first()
    people = [User(name=f"Reader {n}", email=f"reader-{n}@bench.example", password="!") for n in range(READERS)]
    User.objects.bulk_create(people)
    ServiceLead.objects.bulk_create(ServiceLead(service=service, user=one) for one in people)
    return Reviewer.objects.bulk_create(Reviewer(playback=playback, user=one, invited_by=by) for one in people)


def floor(seeded) -> list[Target]:
    return []


def page(seeded) -> Ask:
    return Ask(seeded.team.playbacks.get().get_absolute_url())


def readers(seeded) -> list:
    """The 300, each of whom reads it as a service lead."""
    return [one.user for one in seeded.team.playbacks.get().reviewers.select_related("user")]


def targets(seeded) -> list[Target]:
    playback = seeded.team.playbacks.get()
    answers = f"{playback.get_absolute_url()}items/{playback.items.first().pk}/answers/"
    return [
        Target(PLAYBACK, itertools.repeat(page(seeded)), seeded.size, Goal(statements=17)),
        Target("answers to one item", itertools.repeat(Ask(answers)), seeded.size, Goal(statements=10)),
    ]
