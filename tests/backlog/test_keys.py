"""The last line of what keeps teams apart: what no code may write, the database refuses."""

import pytest

from backlog.models import Comment, Opportunity, ReviewSession, State
from tests.factories import TeamFactory, make_opportunity, ready_opportunity
from tests.keys import refused_by


@pytest.fixture
def other(team):
    """A team of another programme."""
    return TeamFactory()


def change(thing, **fields):
    type(thing).objects.filter(pk=thing.pk).update(**fields)


def test_an_opportunity_is_of_the_programme_of_its_team(team, other, member):
    opportunity = make_opportunity(team, member.user)

    with refused_by("opportunity_is_of_a_team_of_its_programme"):
        change(opportunity, programme=other.programme)
    with refused_by("opportunity_is_of_a_team_of_its_programme"):
        change(opportunity, team=other)


def test_an_opportunity_is_not_merged_into_one_of_another_programme(team, other, member):
    opportunity, foreign = make_opportunity(team, member.user), make_opportunity(other, member.user)

    with refused_by("opportunity_is_merged_within_its_programme"):
        change(opportunity, state=State.MERGED, merged_into=foreign)
    assert not Opportunity.objects.filter(merged_into=foreign).exists()


def test_a_reply_stays_in_its_conversation(team, member):
    here, there = make_opportunity(team, member.user), make_opportunity(team, member.user)
    said = Comment.objects.say(here, "Is this still so?", by=member.user)

    with refused_by("reply_is_to_a_comment_on_the_same_opportunity"):
        Comment.objects.create(opportunity=there, author=member.user, author_name="M", text="Yes", answers=said)


def test_a_review_is_not_at_an_item_of_another(team, product_owner):
    by = product_owner.user
    for _ in range(2):
        ready_opportunity(team, by)
    mine, yours = (ReviewSession.objects.prepare(team, name, by=by) for name in ("Mine", "Yours"))

    with refused_by("review_is_at_an_item_of_its_own"):
        change(mine, current=yours.items.first())
