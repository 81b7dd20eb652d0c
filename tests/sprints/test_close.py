import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection

from backlog.models import StoryState
from sprints.burndown import burndown, ledger
from sprints.models import Sprint
from sprints.models.steps import steps_of
from tests.factories import planned_sprint, ready_story, started_sprint
from tests.sprints.working import bring, finish, resize

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-09T09:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture
def owner(product_owner):
    return product_owner.user


@pytest.fixture
def worked(team, owner, clock):
    """(sprint, what was done, what was started, what was not): it is the last day."""
    done, going, waiting = (ready_story(team, owner, points=points) for points in (3, 5, 2))
    sprint = started_sprint(team, owner, [done, going, waiting])
    clock.move_to("2026-11-11T15:00Z")
    finish(done, by=owner)
    bring(going, StoryState.IN_REVIEW, by=owner)
    clock.move_to("2026-11-20T15:00Z")
    return sprint, done, going, waiting


def close(sprint, by, **destinations):
    sprint.close("partly", "Two of three steps were found", destinations, by=by)


def test_every_unfinished_story_goes_somewhere(worked, owner):
    sprint, _, going, waiting = worked

    with pytest.raises(ValidationError, match=f"Choose where {waiting.reference}"):
        close(sprint, owner, **{going.reference: "next"})

    sprint.refresh_from_db()
    assert sprint.is_active


def test_work_goes_on_in_the_next_sprint_or_back_to_the_backlog(worked, owner, team):
    sprint, done, going, waiting = worked
    later = planned_sprint(team, owner, starts_on=dt.date(2026, 11, 23))

    close(sprint, owner, **{going.reference: "next", waiting.reference: "backlog"})

    assert [one.story for one in later.commitments.held()] == [going]
    for story in (done, going, waiting):
        story.refresh_from_db()
    assert [done.state, going.state, waiting.state] == ["done", "in_review", "ready"]


def test_a_next_sprint_is_planned_where_there_is_none(worked, owner, team):
    sprint, _, going, waiting = worked

    close(sprint, owner, **{going.reference: "next", waiting.reference: "next"})

    later = team.sprints.planned().get()
    assert (later.number, later.starts_on, later.goal) == (2, dt.date(2026, 11, 23), "")
    assert later.commitments.held().count() == 2


def test_started_work_that_is_sent_to_the_backlog_is_put_down(worked, owner):
    sprint, _, going, waiting = worked

    close(sprint, owner, **{going.reference: "backlog", waiting.reference: "backlog"})

    going.refresh_from_db()
    assert going.state == StoryState.READY


@pytest.mark.parametrize(("result", "note"), [("", "Why"), ("met", ""), ("splendid", "Why")])
def test_the_goal_is_judged_in_a_sentence(worked, owner, result, note):
    sprint, _, going, waiting = worked

    with pytest.raises(ValidationError, match="Say whether the goal was met"):
        sprint.close(result, note, {going.reference: "next", waiting.reference: "next"}, by=owner)


def test_only_an_active_sprint_is_closed(team, owner):
    with pytest.raises(ValidationError, match="Only an active sprint"):
        close(planned_sprint(team, owner), owner)


def test_a_later_edit_changes_no_closed_sprint(worked, owner, team, clock):
    """Frozen for ever: not by sizes, titles, moves, undo, closures of the team or another division."""
    sprint, done, going, waiting = worked
    close(sprint, owner, **{going.reference: "next", waiting.reference: "backlog"})
    before = everything_said_of(sprint)

    clock.move_to("2026-12-01T12:00Z")
    resize(waiting, 13, by=owner)
    waiting.refresh_from_db()
    waiting.edit(title="Another thing altogether", by=owner)
    waiting.move_to(StoryState.WONT_DO, by=owner, comment="Nobody wants it")
    later = team.sprints.planned().get()
    later.edit(goal="Go on", by=owner)
    later.start(by=owner)
    finish(going, by=owner)
    done.refresh_from_db()
    done.reopen(by=owner)
    team.close(dt.date(2026, 11, 12), dt.date(2026, 11, 13), "Flood", by=owner)
    team.edit(division="scotland", by=owner)

    assert everything_said_of(Sprint.objects.get(pk=sprint.pk)) == before


def everything_said_of(sprint):
    kept = ["reference", "title", "points", "sealed", "closed_state", "closed_points", "destination"]
    days = sprint.working_days()
    steps = steps_of(sprint)
    figures = [(day.date, day.scope, day.done, day.scope_changes) for day in burndown(
        steps, days, sprint.started_at, dt.date(2027, 1, 1)
    )]  # fmt: skip
    rows = [*sprint.commitments.order_by("pk").values_list(*kept)]
    return (
        days,
        steps,
        figures,
        rows,
        sprint.goal,
        sprint.goal_result,
        sprint.goal_note,
        sprint.ends_on,
        sprint.points_done,
    )


def test_the_record_is_the_history_that_the_rows_tell(worked, owner):
    sprint, done, going, waiting = worked
    lively = steps_of(sprint)

    close(sprint, owner, **{going.reference: "next", waiting.reference: "backlog"})

    assert steps_of(Sprint.objects.get(pk=sprint.pk)) == lively
    last = ledger(lively)[-1]
    assert (last.scope, last.done, last.left) == (10, 3, 7)
    assert Sprint.objects.get(pk=sprint.pk).points_done == 3
    assert [step.what for step in lively] == ["Committed at the start"] * 3 + ["Done"]


def test_a_sprint_closed_early_gives_its_days_back(worked, owner, team, clock):
    sprint, _, going, waiting = worked
    clock.move_to("2026-11-17T15:00Z")

    close(sprint, owner, **{going.reference: "backlog", waiting.reference: "backlog"})

    assert sprint.day_on(dt.date(2026, 12, 1)) == (7, 7)
    assert team.sprints.next_dates(team, dt.date(2026, 11, 17))[0] == dt.date(2026, 11, 18)


def test_a_closed_sprint_takes_nothing_in_and_lets_nothing_out(worked, owner, team):
    sprint, _, going, waiting = worked
    close(sprint, owner, **{going.reference: "next", waiting.reference: "next"})

    for verb in (sprint.pull, sprint.take_out):
        with pytest.raises(ValidationError, match="Sprint 1 is closed"):
            verb([waiting], by=owner, why="Late")
    with pytest.raises(ValidationError, match="Sprint 1 is closed"):
        sprint.edit(goal="A better goal", by=owner)


def test_a_cancelled_sprint_says_why_and_lets_its_work_go(worked, owner, team):
    sprint, done, going, waiting = worked

    with pytest.raises(ValidationError, match="Say why"):
        sprint.cancel("", by=owner)
    sprint.cancel("The service is being closed", by=owner)

    going.refresh_from_db()
    assert going.state == StoryState.READY
    assert (sprint.state, sprint.goal_result) == ("cancelled", "")
    assert len(steps_of(sprint)) == 4
    assert not team.sprints.open().exists()


def test_a_sprint_that_was_never_started_can_be_cancelled(team, owner):
    sprint = planned_sprint(team, owner)
    sprint.pull([ready_story(team, owner)], by=owner)

    sprint.cancel("Planned twice", by=owner)

    assert sprint.record is None
    connection.check_constraints()


def test_the_goal_is_flagged_once_it_changes_after_the_start(worked, owner):
    sprint = worked[0]
    assert not sprint.goal_was_changed

    sprint.edit(goal="A smaller goal", by=owner)

    sprint.refresh_from_db()
    assert sprint.goal_was_changed
    with pytest.raises(ValidationError):
        sprint.edit(goal="", by=owner)


def test_dates_stay_once_it_has_started(worked, owner):
    sprint = worked[0]
    was = sprint.ends_on

    sprint.edit(ends_on=was + dt.timedelta(3), show_and_tell=was, by=owner)

    sprint.refresh_from_db()
    assert (sprint.ends_on, sprint.show_and_tell) == (was, was)
