"""Ten working days across Easter and the change of the clocks, with every figure added up by hand."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from backlog.models import StoryState
from sprints.burndown import burndown, ledger
from sprints.flow import COLUMNS
from sprints.models.steps import few_steps_of, steps_of
from sprints.team_flow import flow_of, times_of
from teams.models import Absence
from tests.factories import ready_story, started_sprint
from tests.sprints.working import bring, finish, resize

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
DAYS = ["03-18", "03-19", "03-22", "03-23", "03-24", "03-25", "03-30", "03-31", "04-01", "04-02"]
# By hand:     start  1   2   3   4   5   6   7   8   9  10
SCOPE = [14, 14, 14, 17, 17, 17, 17, 20, 15, 15, 15]
DONE = [0, 0, 3, 3, 3, 3, 3, 8, 8, 13, 15]


@pytest.fixture
def sprint(team, product_owner, member):
    """Stories of 3, 5, 1 and 5 points, and what happened to them."""
    owner = product_owner.user
    Absence.objects.create(user=member.user, starts_on=dt.date(2027, 3, 25), ends_on=dt.date(2027, 3, 30))

    def on(day, clock="10:00"):
        return time_machine.travel(dt.datetime.fromisoformat(f"2027-{day}T{clock}").replace(tzinfo=LONDON))

    with on("03-17"):
        a, b, c, d, late = (ready_story(team, owner, points=points) for points in (3, 5, 1, 5, 3))
    with on("03-18", "09:30"):
        dates = {"starts_on": dt.date(2027, 3, 18), "ends_on": dt.date(2027, 4, 2)}
        sprint = started_sprint(team, owner, [a, b, c, d], **dates)
    with on("03-19", "23:50"):  # day 2, in the last minutes
        finish(a, by=owner)
    with on("03-20"):  # a Saturday: day 3
        sprint.pull([late], by=owner, why="A carer asked for it")
    with on("03-28", "01:30"):  # the hour that the clocks leave out, Easter Sunday: day 7
        bring(b, StoryState.SIGN_OFF, by=owner)
    with on("03-29"):  # Easter Monday: day 7
        finish(b, by=owner)
        resize(c, 3, by=owner)
        resize(late, 5, by=owner)
        resize(c, 2, by=owner)
    with on("03-31"):  # day 8
        sprint.take_out([late], by=owner, why="It can wait after all")
    with on("04-01", "23:59"):  # day 9, summer time
        finish(d, by=owner)
    with on("04-02", "17:00"):  # the last day
        finish(c, by=owner)
    return sprint


def local(day):
    return dt.date.fromisoformat(f"2027-{day}")


def test_every_day_says_what_was_added_up_by_hand(sprint):
    days = burndown(steps_of(sprint), sprint.working_days(), sprint.started_at, local("04-02"))

    assert [day.date for day in days[1:]] == [local(day) for day in DAYS]
    assert [day.scope for day in days] == SCOPE
    assert [day.done for day in days] == DONE
    assert [day.scope_by for day in days] == [0, 0, 0, 3, 0, 0, 0, 3, -5, 0, 0]


def test_what_nobody_changed_is_one_step_and_the_figures_are_the_same(sprint):
    cards = sprint.commitments.order_by("-pk")
    whole, few = steps_of(sprint), few_steps_of(sprint, cards)

    for day in DAYS:
        drawn = [burndown(steps, sprint.working_days(), sprint.started_at, local(day)) for steps in (whole, few)]
        assert drawn[0] == drawn[1]


def test_the_page_shows_them(sprint, member):
    with time_machine.travel("2027-04-02T18:00+01:00"):
        member.force_login(member.user)
        page = member.get(sprint.get_absolute_url()).text

    table = page.split("Burndown as a table")[1].split("</table>")[0]
    left = [int(row.split("</td>")[-2].rsplit(">", 1)[1]) for row in table.split("<tr>")[2:]]
    assert left == [scope - done for scope, done in zip(SCOPE, DONE, strict=True)]
    assert "15 of 15 points done by day 10" in page
    assert "Day 10 of 10" in page


def test_the_ledger_adds_up_to_the_page(sprint, member):
    lines = ledger(steps_of(sprint))

    assert sum(line.scope_by for line in lines) == SCOPE[-1]
    assert sum(line.done_by for line in lines) == DONE[-1]
    page = member.get(reverse("sprints:sprint_history", args=[sprint.team.slug, sprint.number])).text
    assert page.count("<tr>") == len(lines) + 1
    assert "A carer asked for it" in page and "It can wait after all" in page


def test_the_closed_sprint_says_the_same(sprint, product_owner):
    with time_machine.travel("2027-04-02T18:00+01:00"):
        sprint.close("met", "Everything was found", {}, by=product_owner.user)

    assert sprint.points_done == 15
    days = burndown(steps_of(sprint), sprint.working_days(), sprint.started_at, local("04-30"))
    assert [day.left for day in days] == [scope - done for scope, done in zip(SCOPE, DONE, strict=True)]


def test_flow_and_cycle_time_agree(sprint, team):
    flow, times = flow_of(team, local("04-02")), times_of(team)

    last = flow["days"][-1].counts
    assert (last["done"], sum(last[state] for state in COLUMNS)) == (4, 5)
    assert [time for _, time in times["rows"]] == [1, 1, 1, 1]  # each was started and done on one working day


def test_capacity_leaves_out_holidays_and_absence(sprint, delivery_manager):
    page = delivery_manager.get(reverse("sprints:plan", args=[sprint.team.slug, sprint.number])).text

    assert "28 person-days" in page  # three people, ten days, less two of an absence over Easter
