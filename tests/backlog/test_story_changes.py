"""What is kept of a story when it changes: every step, old versions, ticks, and what an undo brings back."""

import pytest

from backlog.models import Story, StoryMove, StoryState
from teams.models import Change, Conflict
from tests.factories import make_story, ready_story, story_in


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


def test_every_step_is_remembered_with_its_points(team, product_owner):
    by = product_owner.user
    story = story_in(StoryState.IN_PROGRESS, team, by)
    fresh(story).edit(by=by, points=8)
    fresh(story).move_to(StoryState.IN_REVIEW, by=by)

    steps = StoryMove.objects.filter(story=story).order_by("pk").values_list("from_state", "to_state", "points")

    assert list(steps) == [
        ("", "backlog", 3),
        ("backlog", "ready", 3),
        ("ready", "in_progress", 3),
        ("in_progress", "in_review", 8),
    ]


def test_an_undone_step_is_a_step_back(team, member):
    story = ready_story(team, member.user)
    story.move_to(StoryState.IN_PROGRESS, by=member.user)
    change = story.team.changes.order_by("-pk").first()

    story.undo(change, by=member.user)

    assert fresh(story).state == StoryState.READY
    assert story.moves.order_by("-pk").first().to_state == StoryState.READY


def test_the_page_of_a_story_says_what_was_undone(team, member):
    story = ready_story(team, member.user)
    fresh(story).move_to(StoryState.ON_HOLD, by=member.user)
    change = Change.objects.about(story).first()

    page = member.post(f"/teams/{team.slug}/changes/{change.pk}/undo/", follow=True).text

    assert f"Undone: {change.words}" in page


def test_a_sign_off_is_reopened_and_not_undone(team, product_owner):
    story = story_in(StoryState.DONE, team, product_owner.user)

    assert Change.objects.about(story).first().words.startswith("signed it off")
    assert not Change.objects.about(story).first().may_still_be_undone


def test_undo_is_refused_once_somebody_has_changed_the_story(team, member):
    story = ready_story(team, member.user)
    story.move_to(StoryState.IN_PROGRESS, by=member.user)
    change = story.team.changes.order_by("-pk").first()
    fresh(story).edit(by=member.user, points=5)

    with pytest.raises(Conflict):
        fresh(story).undo(change, by=member.user)


def test_an_edit_of_an_old_version_is_a_conflict(team, member):
    story, stale = (fresh(ready_story(team, member.user)) for _ in range(2))
    stale = fresh(story)
    story.edit(by=member.user, title="Mine")

    with pytest.raises(Conflict):
        stale.edit(by=member.user, title="Yours")


def test_editing_the_criteria_keeps_the_ticks_of_the_lines_that_stay(team, member):
    story = make_story(team, member.user, criteria=["Works by keyboard", "Can be printed"])
    story.tick(story.criteria.first(), by=member.user)

    story.edit(by=member.user, criteria=["Can be saved", "Works by keyboard"])

    assert list(story.criteria.values_list("text", "done")) == [("Can be saved", False), ("Works by keyboard", True)]
