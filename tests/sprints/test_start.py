import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from backlog.models import State, StoryState
from sprints.models import Commitment, Sprint
from teams.models import Change
from tests.factories import TeamFactory, planned_sprint, ranked_opportunity, ready_story, started_sprint, story_in
from tests.keys import refused_by
from tests.sprints.working import bring, finish

pytestmark = pytest.mark.django_db
LATER = dt.date(2026, 12, 14)


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-09T09:00Z", tick=False):
        yield


@pytest.fixture
def owner(product_owner):
    return product_owner.user


def test_the_committed_list_is_sealed(team, owner):
    story = ready_story(team, owner, title="As it was", points=3)
    sprint = started_sprint(team, owner, [story])

    story.refresh_from_db()
    story.edit(title="Another title", points=8, by=owner)

    [kept] = sprint.commitments.sealed()
    assert (kept.reference, kept.title, kept.points) == (story.reference, "As it was", 3)
    assert sprint.sealed_goal == sprint.goal


@pytest.mark.parametrize(
    ("fields", "stories", "words"),
    [
        ({"goal": ""}, 1, "Give the sprint a goal"),
        ({}, 0, "Pull in at least one story"),
        ({"starts_on": dt.date(2026, 10, 26), "ends_on": dt.date(2026, 11, 6)}, 1, "The last day is over"),
    ],
)
def test_a_sprint_starts_with_a_goal_days_and_a_story(team, owner, fields, stories, words):
    sprint = planned_sprint(team, owner, **fields)
    if stories:
        sprint.pull([ready_story(team, owner)], by=owner)

    with pytest.raises(ValidationError, match=words):
        sprint.start(by=owner)

    sprint.refresh_from_db()
    assert sprint.is_planned


def test_one_sprint_of_a_team_is_active(team, owner):
    started_sprint(team, owner)
    second = planned_sprint(team, owner, starts_on=LATER)
    second.pull([ready_story(team, owner)], by=owner)

    with pytest.raises(ValidationError, match="Sprint 1 is still active"):
        second.start(by=owner)
    with pytest.raises(IntegrityError, match="one_active_sprint_a_team"), transaction.atomic():
        Sprint.objects.filter(pk=second.pk).update(
            state="active", started_at="2026-11-09T09:00Z", started_by=owner, sealed_goal="x"
        )


def test_what_is_no_longer_ready_keeps_it_from_starting(team, owner):
    story = ready_story(team, owner)
    sprint = planned_sprint(team, owner)
    sprint.pull([story], by=owner)
    story.refresh_from_db()
    story.move_to(StoryState.ON_HOLD, by=owner)

    with pytest.raises(ValidationError, match=f"{story.reference} is “On hold”"):
        sprint.start(by=owner)


def test_starting_moves_the_opportunity_to_in_delivery(team, owner):
    opportunity = ranked_opportunity(team, owner)
    sprint = planned_sprint(team, owner)
    stories = [ready_story(team, owner, opportunity=opportunity) for _ in range(2)]
    sprint.pull(stories, by=owner)
    opportunity.refresh_from_db()
    assert opportunity.state == State.TAKE_FORWARD

    sprint.start(by=owner)

    opportunity.refresh_from_db()
    assert opportunity.state == State.IN_DELIVERY


def test_pulling_into_an_active_sprint_does_too_and_taking_out_does_not_undo_it(team, owner):
    opportunity = ranked_opportunity(team, owner)
    sprint = started_sprint(team, owner)
    story = ready_story(team, owner, opportunity=opportunity)

    sprint.pull([story], by=owner, why="It was asked for")
    sprint.take_out([story], by=owner, why="It can wait")

    opportunity.refresh_from_db()
    assert opportunity.state == State.IN_DELIVERY


def test_a_change_of_scope_says_who_and_why(team, owner):
    sprint = started_sprint(team, owner)
    story = ready_story(team, owner, points=5)

    with pytest.raises(ValidationError, match="Say why"):
        sprint.pull([story], by=owner)
    sprint.pull([story], by=owner, why="The law changed")
    sprint.take_out([story], by=owner, why="Not this year after all")

    log = [(one.kind, one.points, one.why, one.by_name) for one in sprint.scope_changes.all()]
    assert log == [("added", 5, "The law changed", owner.name), ("removed", 5, "Not this year after all", owner.name)]
    assert "because: The law changed" in Change.objects.about(sprint)[1].words


def test_before_the_start_stories_come_and_go_without_reasons(team, owner):
    sprint = planned_sprint(team, owner)
    story = ready_story(team, owner)

    sprint.pull([story], by=owner)
    sprint.take_out([story], by=owner)

    assert not sprint.scope_changes.exists()
    assert not sprint.commitments.exists()


def test_a_complete_story_of_the_backlog_becomes_ready(team, owner):
    story = ready_story(team, owner)
    story.move_to(StoryState.BACKLOG, by=owner)
    sprint = planned_sprint(team, owner)

    sprint.pull([story], by=owner)

    story.refresh_from_db()
    assert story.state == StoryState.READY


@pytest.mark.parametrize("state", [StoryState.DONE, StoryState.ON_HOLD, StoryState.WONT_DO])
def test_what_is_not_to_be_worked_on_is_not_pulled_in(team, owner, state):
    story = story_in(state, team, owner)

    with pytest.raises(ValidationError, match="so it cannot be pulled in"):
        planned_sprint(team, owner).pull([story], by=owner)


def test_a_story_is_in_one_open_sprint(team, owner):
    sprint, later = planned_sprint(team, owner), planned_sprint(team, owner, starts_on=LATER)
    story = ready_story(team, owner)
    sprint.pull([story], by=owner)

    with pytest.raises(ValidationError, match=f"{story.reference} is in sprint 1 already"):
        later.pull([story], by=owner)


def test_what_was_taken_out_may_come_back(team, owner):
    story = ready_story(team, owner)
    sprint = started_sprint(team, owner, [story, ready_story(team, owner)])

    sprint.take_out([story], by=owner, why="Too much")
    sprint.pull([story], by=owner, why="Room after all")

    assert sprint.commitments.held().count() == 2
    assert sprint.commitments.sealed().count() == 2


def test_what_is_done_stays_in_the_sprint(team, owner):
    done = ready_story(team, owner)
    sprint = started_sprint(team, owner, [done])
    finish(done, by=owner)

    with pytest.raises(ValidationError, match="is done and stays in the sprint"):
        sprint.take_out([done], by=owner, why="Oops")


def test_work_taken_out_is_put_back_to_ready(team, owner):
    story = ready_story(team, owner)
    sprint = started_sprint(team, owner, [story])
    bring(story, StoryState.IN_REVIEW, by=owner)

    sprint.take_out([story], by=owner, why="It can wait")

    story.refresh_from_db()
    assert story.state == StoryState.READY


def test_the_database_keeps_other_teams_stories_out(team, owner):
    sprint = planned_sprint(team, owner)
    foreign = ready_story(TeamFactory(), owner)

    with refused_by("commitment_is_to_a_story_of_its_team"):
        Commitment.objects.create(
            sprint=sprint, team=team, story=foreign, rank="V", added_by=owner, reference="X-1", title="x", points=1
        )
