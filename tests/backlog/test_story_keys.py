"""What the database refuses of stories."""

import pytest
from django.utils import timezone

from backlog.models import Story, UserGroup
from tests.factories import MembershipFactory, TeamFactory, make_opportunity, make_story, ready_story
from tests.keys import refused_by


def test_the_database_refuses_what_crosses_teams(team, member):
    story, other = make_story(team, member.user), TeamFactory()
    foreign = make_opportunity(other, member.user)
    elsewhere = MembershipFactory(team=other)
    rows = Story.objects.filter(pk=story.pk)

    with refused_by("story_is_of_a_team_of_its_programme"):
        rows.update(programme=other.programme)
    with refused_by("story_is_under_an_opportunity_of_its_programme"):
        rows.update(opportunity=foreign)
    with refused_by("story_is_assigned_within_its_team"):
        rows.update(assignee=elsewhere.user, assignment=elsewhere)
    with refused_by("story_is_for_a_user_group_of_its_team"):
        rows.update(user_group=UserGroup.objects.named(other, "Carers"))
    with refused_by("move_is_in_the_team_of_its_story"):
        story.moves.update(team=other)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("story_kind_is_known", {"kind": "epic"}),
        ("story_points_are_on_the_scale", {"points": 4}),
        ("story_has_a_title", {"title": ""}),
        ("open_stories_are_ranked", {"rank": None}),
        ("open_stories_are_ranked", {"state": "done", "done_at": timezone.now()}),
        ("done_stories_say_when", {"done_at": timezone.now()}),
        ("story_wont_do_says_why", {"state": "wont_do", "rank": None}),
        ("ready_stories_are_sized", {"points": None}),
        ("ready_user_stories_say_who_what_and_why", {"actor": ""}),
    ],
)
def test_the_database_refuses_what_must_never_be(team, member, name, fields):
    story = ready_story(team, member.user)

    with refused_by(name):
        Story.objects.filter(pk=story.pk).update(**fields)
