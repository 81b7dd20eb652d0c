"""Planning, starting, closing and cancelling on their pages."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backlog.models import StoryState
from teams.models import Absence
from tests.factories import planned_sprint, ready_story, started_sprint, story_in
from tests.sprints.working import bring, finish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-09T09:00Z") as traveller:
        yield traveller


@pytest.fixture
def owner(product_owner):
    return product_owner.user


def at(name, sprint):
    return reverse(f"sprints:{name}", args=[sprint.team.slug, sprint.number])


def test_an_empty_page_teaches(delivery_manager, member, team):
    url = reverse("sprints:sprints", args=[team.slug])

    assert "Plan the first one" in delivery_manager.get(url).text
    assert "A sprint is a month or less" in member.get(url).text
    assert "Plan the first one" not in member.get(url).text


def test_a_sprint_is_planned_once_however_often_the_form_is_sent(delivery_manager, team):
    url = reverse("sprints:new_sprint", args=[team.slug])
    form = delivery_manager.get(url).text
    key = form.split('name="key" value="')[1].split('"')[0]
    answers = {"goal": "Know why", "starts_on": "2026-11-09", "ends_on": "2026-11-20", "number": "6", "key": key}

    first, second = (delivery_manager.post(url, answers) for _ in range(2))

    assert 'value="2026-11-09"' in form and 'value="2026-11-22"' in form
    assert first["Location"] == second["Location"] == f"/teams/{team.slug}/sprints/6/plan/"
    assert team.sprints.get().goal == "Know why"


def test_dates_that_overlap_are_explained_beside_the_field(delivery_manager, team, owner):
    planned_sprint(team, owner)
    url = reverse("sprints:new_sprint", args=[team.slug])
    answers = {"starts_on": "2026-11-20", "ends_on": "2026-12-01", "key": "6f1ed002-ab59-4e5c-9b3c-3c9ff2a1d0c1"}

    answer = delivery_manager.post(url, answers)

    assert answer.status_code == 422
    assert "Sprint 1 has some of these days already" in answer.text


def test_stories_are_pulled_in_singly_and_several_at_once(delivery_manager, team, owner):
    sprint = planned_sprint(team, owner)
    stories = [ready_story(team, owner) for _ in range(3)]
    refs = [one.reference for one in stories]

    delivery_manager.post(at("plan", sprint), {"act": "pull", "pick": refs[:2]})
    page = delivery_manager.post(at("plan", sprint), {"act": "pull", "only": refs[2], "pick": refs[:1]}, follow=True)
    assert "You pulled in" in page.text and "Undo" in page.text
    assert "9 points" in page.text
    assert sprint.commitments.held().count() == 3

    delivery_manager.post(at("plan", sprint), {"act": "take_out", "pick": refs[:2]})
    assert [one.reference for one in sprint.commitments.held()] == refs[2:]


def test_the_plan_shows_capacity_and_velocity(delivery_manager, team, owner, member):
    sprint = planned_sprint(team, owner)
    Absence(user=member.user, starts_on=dt.date(2026, 11, 12), ends_on=dt.date(2026, 11, 16)).book()

    page = delivery_manager.get(at("plan", sprint)).text

    assert "27 person-days" in page  # 3 people, 10 days, less 3
    assert "None closed yet" in page


def test_once_it_has_started_a_reason_is_asked_for(delivery_manager, team, owner):
    sprint = started_sprint(team, owner)
    story = ready_story(team, owner)

    refused = delivery_manager.post(at("plan", sprint), {"act": "pull", "only": story.reference})
    assert (refused.status_code, "Say why the scope changes" in refused.text) == (422, True)

    delivery_manager.post(at("plan", sprint), {"act": "pull", "only": story.reference, "why": "The law changed"})
    history = delivery_manager.get(at("sprint_history", sprint)).text
    assert "The law changed" in history and "+3" in history


def test_a_story_that_lacks_something_says_what(delivery_manager, team, owner):
    sprint = planned_sprint(team, owner)
    story = story_in(StoryState.BACKLOG, team, owner, points=None)

    answer = delivery_manager.post(at("plan", sprint), {"act": "pull", "only": story.reference})

    assert answer.status_code == 422
    assert f"Before {story.reference} is ready, say a size" in answer.text


@pytest.mark.parametrize(
    "answers", [{}, {"act": "pull"}, {"act": "steal", "only": "X"}, {"act": "pull", "only": "NO-1"}]
)
def test_a_plan_of_nothing_changes_nothing(delivery_manager, team, owner, answers):
    sprint = planned_sprint(team, owner)

    assert delivery_manager.post(at("plan", sprint), answers).status_code == 422


def test_a_plan_costs_as_much_for_many_stories_as_for_few(delivery_manager, team, owner, at_most):
    sprint = planned_sprint(team, owner)
    sprint.pull([ready_story(team, owner) for _ in range(12)], by=owner)
    [ready_story(team, owner) for _ in range(12)]

    with at_most(12):
        delivery_manager.get(at("plan", sprint))


def test_starting_asks_first_and_says_what_is_missing(delivery_manager, team, owner):
    sprint = planned_sprint(team, owner, goal="")

    page = delivery_manager.get(at("start", sprint)).text
    answer = delivery_manager.post(at("start", sprint))

    assert "Give the sprint a goal" in page and "Pull in at least one story" in page
    assert (answer.status_code, "Before it can start" in answer.text) == (422, True)


def test_a_started_sprint_is_started_once(delivery_manager, team, owner):
    sprint = planned_sprint(team, owner)
    sprint.pull([ready_story(team, owner)], by=owner)

    for _ in range(2):
        assert delivery_manager.post(at("start", sprint))["Location"] == sprint.get_absolute_url()

    sprint.refresh_from_db()
    assert (sprint.state, sprint.started_by) == ("active", delivery_manager.user)


def test_the_goal_is_edited_and_flagged(delivery_manager, team, owner):
    sprint = started_sprint(team, owner, goal="Know why")
    form = {"goal": "Know who", "version": sprint.version}

    page = delivery_manager.post(at("edit_sprint", sprint), form, follow=True)

    assert "The goal was changed after the start. It was: “Know why”" in page.text


def test_two_people_edit_the_goal(delivery_manager, product_owner, team, owner):
    sprint = started_sprint(team, owner, goal="Know why")
    product_owner.post(at("edit_sprint", sprint), {"goal": "Know who", "version": sprint.version})

    answer = delivery_manager.post(at("edit_sprint", sprint), {"goal": "Know when", "version": sprint.version})

    assert answer.status_code == 409
    assert "Know who" in answer.text and "Know when" in answer.text


def test_closing_asks_where_each_story_goes(delivery_manager, team, owner):
    stories = [ready_story(team, owner) for _ in range(3)]
    sprint = started_sprint(team, owner, stories)
    finish(stories[0], by=owner)
    url = at("close", sprint)
    first, second = (f"story_{one.number}" for one in stories[1:])

    refused = delivery_manager.post(url, {"goal_result": "met", "goal_note": "All of them", first: "next"})
    assert refused.status_code == 422
    assert f"Choose where {stories[2].reference} goes" in refused.text
    assert "All of them" in refused.text

    closed = delivery_manager.post(
        url, {"goal_result": "partly", "goal_note": "Two of three", first: "next", second: "backlog"}, follow=True
    )
    assert "Goal partly met" in closed.text and "Two of three" in closed.text
    assert "The next sprint" in closed.text and "The story backlog" in closed.text
    assert "3 of 9 points done" in closed.text


def test_closing_asks_once_where_all_the_others_go(delivery_manager, team, owner):
    stories = [ready_story(team, owner) for _ in range(3)]
    sprint = started_sprint(team, owner, stories)
    answers = {"goal_result": "met", "goal_note": "All", f"story_{stories[1].number}": "backlog", "others": "next"}

    delivery_manager.post(at("close", sprint), answers)

    where = dict(sprint.commitments.values_list("story", "destination"))
    assert [where[one.pk] for one in stories] == ["next", "backlog", "next"]


def test_a_closed_sprint_offers_nothing_more(product_owner, team, owner):
    story = ready_story(team, owner)
    sprint = started_sprint(team, owner, [story])
    sprint.close("met", "Yes", {story.reference: "backlog"}, by=owner)

    page = product_owner.get(sprint.get_absolute_url()).text

    assert not any(f'/{one}/"' in page for one in ("plan", "edit", "close", "cancel", "start", "move"))
    assert product_owner.post(at("close", sprint), {}).status_code == 302
    refused = product_owner.post(at("plan", sprint), {"act": "pull", "only": story.reference, "why": "Late"})
    assert refused.status_code == 422


def test_what_became_of_a_story_is_labelled_where_the_table_has_no_heads(member, team, owner):
    story = ready_story(team, owner)
    sprint = started_sprint(team, owner, [story])
    sprint.close("not_met", "No", {story.reference: "backlog"}, by=owner)

    page = member.get(sprint.get_absolute_url()).text

    for label in ("Points", "In the commitment", "At the end", "Went to"):
        assert f'<span class="lab">{label} </span>' in page


def test_only_the_product_owner_cancels(product_owner, delivery_manager, team, owner):
    sprint = started_sprint(team, owner)

    assert delivery_manager.post(at("cancel", sprint), {"reason": "No"}).status_code == 403
    assert product_owner.post(at("cancel", sprint), {"reason": ""}).status_code == 422
    assert f'<a href="{sprint.get_absolute_url()}">Keep it</a>' in product_owner.get(at("cancel", sprint)).text
    page = product_owner.post(at("cancel", sprint), {"reason": "The service is closed"}, follow=True)
    assert "The service is closed" in page.text and "Cancelled" in page.text


def test_the_list_is_the_goal_record(member, team, owner, monday, at_most):
    for number, (result, points) in enumerate([("met", 5), ("not_met", 2), ("partly", 8), ("met", 3)]):
        start = dt.date(2026, 8, 3) + dt.timedelta(14 * number)
        monday.move_to(dt.datetime.combine(start, dt.time(9)))
        story = ready_story(team, owner, points=points)
        sprint = started_sprint(team, owner, [story], goal=f"Goal {number}")
        monday.move_to(dt.datetime.combine(start + dt.timedelta(3), dt.time(9)))
        finish(story, by=owner)
        sprint.close(result, f"Note {number}", {}, by=owner)

    with at_most(14):
        page = member.get(reverse("sprints:sprints", args=[team.slug])).text

    assert "2 goals met, 1 partly met, 1 not met" in page
    assert "Velocity 2 to 8 points" in page
    assert all(f"Goal {n}" in page and f"Note {n}" in page for n in range(4))
    assert "Cumulative flow" in page and "Cycle time" in page


@pytest.mark.parametrize("page", ["", "2/plan/"])
def test_no_record_is_read_for_a_velocity(delivery_manager, team, owner, page):
    sprint = started_sprint(team, owner)
    [card] = sprint.commitments.held()
    sprint.close("met", "All is found", {card.reference: "backlog"}, by=owner)
    planned_sprint(team, owner, starts_on=dt.date(2026, 12, 7))

    with CaptureQueriesContext(connection) as asked:
        answer = delivery_manager.get(f"/teams/{team.slug}/sprints/{page}")

    assert "0 points" in answer.text
    several = [one["sql"] for one in asked if "points_done" in one["sql"] and '"number" =' not in one["sql"]]
    closed = [sql for sql in several if "'active'" not in sql]  # which has no record
    assert closed and not any('"record"' in sql for sql in closed)


def test_nobody_outside_sees_a_sprint(outsider, service_lead, administrator, team, owner):
    sprint = started_sprint(team, owner)

    for name in ("sprint", "plan", "close", "board_news"):
        assert outsider.get(at(name, sprint)).status_code == 404
        assert service_lead.get(at(name, sprint)).status_code == 403
        assert administrator.get(at(name, sprint)).status_code == 403


def test_a_member_reads_and_moves_but_does_not_plan(member, team, owner):
    sprint = started_sprint(team, owner)

    names = ["sprint", "plan", "start", "close", "edit_sprint"]
    assert [member.get(at(name, sprint)).status_code for name in names] == [200, 403, 403, 403, 403]
    assert reverse("sprints:walk", args=[team.slug]) in member.get(at("sprint", sprint)).text
    bring(sprint.commitments.get().story, StoryState.IN_PROGRESS, by=member.user)


@pytest.mark.parametrize("number", ["0", "32767", "99999999999999999999"])
def test_a_number_that_is_no_sprint_is_not_found(member, team, number):
    assert member.get(f"/teams/{team.slug}/sprints/{number}/").status_code == 404
