"""Fifty people move cards on one board at once, in real threads on a real database (P22)."""

import random

import pytest

from backlog.models import StoryMove
from sprints.models import Commitment
from tests.backlog.test_together import all_at_once
from tests.factories import MembershipFactory, ready_story, started_sprint
from tests.people import signed_in

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE, MOVES = 50, 3
COLUMNS = ["ready", "in_progress", "in_review"]


def test_fifty_people_lose_nothing_and_share_no_place(team, product_owner):
    stories = [ready_story(team, product_owner.user) for _ in range(PEOPLE)]
    sprint = started_sprint(team, product_owner.user, stories)
    desks = [signed_in(MembershipFactory(team=team).user) for _ in range(PEOPLE)]

    def work(number):
        chance, answers = random.Random(number), []
        for n in range(MOVES):
            story = stories[number] if n else chance.choice(stories[:5])
            sent = {"to": chance.choice(COLUMNS), "where": chance.choice(["top", "bottom"])}
            address = f"{sprint.get_absolute_url()}cards/{story.reference}/move/"
            answers.append(desks[number].post(address, sent).status_code)
        return answers

    answers = [one for several in all_at_once(PEOPLE, work) for one in several]

    assert set(answers) <= {302, 409}
    cards = list(Commitment.objects.filter(sprint=sprint).held().select_related("story"))
    assert len(cards) == PEOPLE
    assert len({one.rank for one in cards}) == PEOPLE
    for card in cards:
        steps = StoryMove.objects.filter(story=card.story).order_by("pk").values_list("from_state", "to_state")
        assert all(end == begin for (_, end), (begin, _) in zip(steps, list(steps)[1:], strict=False))
        assert list(steps)[-1][1] == card.story.state
