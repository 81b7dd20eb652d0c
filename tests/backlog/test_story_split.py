"""Several smaller stories in the place of one, and one again."""

import pytest
from django.urls import reverse

from backlog.models import Story, StoryState
from teams.models import Change
from tests.factories import make_opportunity, make_story, ready_story, story_in


def of(name, story, *args):
    return reverse(f"backlog:{name}", args=[story.reference, *args])


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


def test_a_story_of_13_is_split_into_several_that_stand_in_its_place(team, member):
    opportunity = make_opportunity(team, member.user)
    first = make_story(team, member.user, title="First")
    big = ready_story(team, member.user, points=13, criteria=["A", "B"], opportunity=opportunity, source="Session 7")
    make_story(team, member.user, title="Last")
    a, b = big.criteria.all()
    assert "Split this" in member.get(big.get_absolute_url()).text

    answers = {"title_1": "Save", "points_1": "5", "title_2": "Come back", "points_2": "3"}
    response = member.post(of("split", big), answers | {f"criterion_{a.pk}": "1", f"criterion_{b.pk}": "2"})

    parts = list(team.stories.filter(title__in=["Save", "Come back"]).in_order())
    assert response.status_code == 302
    assert [one.title for one in team.stories.open().in_order()] == [first.title, "Save", "Come back", "Last"]
    assert [(one.opportunity, one.source, one.actor, one.criteria.get().text) for one in parts] == [
        (opportunity, "Session 7", big.actor, "A"),
        (opportunity, "Session 7", big.actor, "B"),
    ]
    assert fresh(big).state == StoryState.WONT_DO and fresh(big).reason == "Split into HOU-5 and HOU-6"


@pytest.mark.parametrize("answers", [{}, {"title_1": "Alone"}, {"title_1": "A", "title_2": "B", "points_2": "4"}])
def test_a_split_into_fewer_than_two_is_refused(team, member, answers):
    story = ready_story(team, member.user, criteria=["A"])

    response = member.post(of("split", story), answers | {f"criterion_{story.criteria.get().pk}": "1"})

    assert response.status_code == 422 and fresh(story).state == StoryState.READY


def test_what_is_under_way_is_not_split(team, product_owner):
    story = story_in(StoryState.IN_PROGRESS, team, product_owner.user, criteria=["A"])
    answers = {"title_1": "A", "title_2": "B", f"criterion_{story.criteria.get().pk}": "1"}

    assert product_owner.post(of("split", story), answers).status_code == 422


@pytest.fixture
def split(team, member):
    """A story of 13 points and the two it was split into."""
    story = make_story(team, member.user, title="All of it", points=13, criteria=["Saved", "Printed"])
    parts = story.split([("Save it", 5, ["Saved"]), ("Print it", 3, ["Printed"])], by=member.user)
    return story, parts


def undo_of(story):
    return f"/teams/{story.team.slug}/changes/{Change.objects.about(story).first().pk}/undo/"


def test_the_undo_of_a_split_makes_it_one_story_again(team, member, split):
    story, parts = split

    assert member.post(undo_of(story)).status_code == 302

    assert [fresh(one).state for one in (story, *parts)] == ["backlog", "wont_do", "wont_do"]
    assert [fresh(one).reason for one in parts] == [f"{story.reference} is one story again"] * 2
    assert [one.reference for one in Story.objects.open().in_order()] == [story.reference]
    assert [one.text for one in story.criteria.all()] == ["Saved", "Printed"]


def test_a_split_is_not_undone_once_somebody_has_worked_on_a_part(team, member, split):
    story, parts = split
    parts[1].edit(need="print it on eight pages", by=member.user)

    answer = member.post(undo_of(story))

    assert answer.status_code == 409
    assert f"{parts[1].reference} was changed since the split" in answer.text
    assert [fresh(one).state for one in (story, *parts)] == ["wont_do", "backlog", "backlog"]
