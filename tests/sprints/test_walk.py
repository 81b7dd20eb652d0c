"""The board, talked through at the stand-up."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sprints.walk import walk
from tests.factories import MembershipFactory, make_story, raised_blocker, story_in
from tests.sprints.standups import HERE, MONDAY, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_the_walk_goes_from_done_to_ready_with_what_is_blocked_first(team, product_owner):
    by = product_owner.user
    old, young, blocked = (story_in("in_progress", team, by, title=title) for title in ("Old", "Young", "Blocked"))
    reviewed = story_in("in_review", team, by, title="Reviewed")
    old.state_since = timezone.now() - dt.timedelta(7)
    blockers = {blocked.pk: [raised_blocker(team, by, story=blocked)]}

    columns = walk([young, old, blocked, reviewed], blockers, MONDAY, "england-and-wales")

    assert [name for name, _ in columns] == ["Ready for sign-off", "In review", "In progress", "Ready"]
    assert [[stop.story for stop in stops] for _, stops in columns] == [[], [reviewed], [blocked, old, young], []]
    assert [stop.days for stop in columns[2][1]] == [0, 5, 0]


def test_without_a_sprint_the_walk_says_what_it_is_for(team, member):
    assert "No sprint is running." in member.get("/teams/housing/standup/walk/").text


def test_a_story_says_what_blocks_it_and_a_blocker_which_story(team, product_owner):
    story = story_in("in_progress", team, product_owner.user)

    raising = product_owner.get(f"/teams/housing/blockers/raise/?story={story.reference}").text
    assert f'value="{story.reference}"' in raising
    product_owner.post(HERE, words(blocking="new", title_1="No data", story_1=story.reference.lower()))

    assert "No data" in product_owner.get(f"/stories/{story.reference}/").text
    assert f"/stories/{story.reference}/" in product_owner.get("/teams/housing/blockers/1/").text


def test_a_story_of_another_team_cannot_be_named(team, member):
    other = MembershipFactory()
    story = make_story(other.team, other.user)

    response = member.post(HERE, words(blocking="new", title_1="No data", story_1=story.reference))

    assert response.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        raised_blocker(team, member.user, story=story)
        connection.check_constraints()
