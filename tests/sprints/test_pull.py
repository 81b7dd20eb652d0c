"""Stories selected in the backlog go into a sprint."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from backlog.models import Story, StoryState
from teams.models import Change
from tests.factories import make_story, planned_sprint, ranked_opportunity, ready_story, started_sprint

PULL = "/teams/housing/sprints/pull/"


@pytest.fixture
def stories(team, product_owner):
    return [ready_story(team, product_owner.user) for _ in range(2)]


def send(client, stories, **more):
    return client.post(PULL, {"pick": [one.reference for one in stories], **more})


def test_it_asks_which_sprint_and_pulls_them_in(team, product_owner, stories):
    sprint = planned_sprint(team, product_owner.user)
    asked = send(product_owner, stories).text
    assert "Sprint 1 (planned)" in asked and "Why does the scope change?" not in asked

    answer = send(product_owner, reversed(stories), go="yes", sprint=1)

    assert answer["Location"].startswith(f"{sprint.get_absolute_url()}plan/?done=")
    assert [one.story for one in sprint.commitments.held().in_place()] == stories


def test_an_active_sprint_asks_why(team, delivery_manager, product_owner, stories):
    sprint = started_sprint(team, product_owner.user)

    refused = send(delivery_manager, stories, go="yes", sprint=1)
    taken = send(delivery_manager, stories, go="yes", sprint=1, why="A carer asked for it")

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Say why the scope changes" in refused.text
    assert [one.why for one in sprint.scope_changes.all()] == ["A carer asked for it"] * 2


def test_the_sprint_that_comes_first_is_offered_first(team, product_owner, stories):
    started_sprint(team, product_owner.user)
    planned_sprint(team, product_owner.user, starts_on=timezone.localdate() + dt.timedelta(60))

    page = send(product_owner, stories).text

    assert page.index("Sprint 1 (active)") < page.index("Sprint 2 (planned)")
    assert re.search(r'value="1"[^>]*checked', page)


def test_without_a_sprint_it_leads_to_planning_one(product_owner, stories):
    assert "No sprint is planned or active" in send(product_owner, stories).text


@pytest.mark.parametrize("number", ["2", "", "x", "9" * 30])
def test_another_sprint_is_none(team, product_owner, stories, number):
    sprint = planned_sprint(team, product_owner.user)

    assert send(product_owner, stories, go="yes", sprint=number).status_code == 422
    assert not sprint.commitments.exists()


def test_members_do_not_plan(member, stories):
    assert send(member, stories).status_code == 403


def test_a_story_says_which_sprint_it_stands_in(member, team, product_owner, stories):
    sprint = planned_sprint(team, product_owner.user)
    sprint.pull(stories[:1], by=product_owner.user)

    inside, outside = (member.get(one.get_absolute_url()).text for one in stories)

    assert f'<a href="{sprint.get_absolute_url()}">Sprint 1</a>, planned' in inside
    assert "<dt>Sprint</dt>" not in outside


def test_a_story_can_be_pulled_in_from_its_own_page_by_whoever_plans(member, team, product_owner, stories):
    planned_sprint(team, product_owner.user).pull(stories[:1], by=product_owner.user)
    button = f'action="{PULL}"'

    inside, outside = (product_owner.get(one.get_absolute_url()).text for one in stories)

    assert button in outside and f'name="pick" value="{stories[1].reference}"' in outside
    assert button not in inside and button not in member.get(stories[1].get_absolute_url()).text


def test_a_pull_says_which_opportunity_is_in_delivery_now(team, product_owner, stories):
    opportunity = ranked_opportunity(team, product_owner.user)
    Story.objects.filter(pk=stories[0].pk).update(opportunity=opportunity)
    started_sprint(team, product_owner.user)

    answer = send(product_owner, stories[:1], go="yes", sprint=1, why="A carer asked for it")

    told = re.sub("<[^>]+>", "", product_owner.get(answer.url).text)
    assert f"because: A carer asked for it. {opportunity.reference} is in delivery now." in told


# --- Undo


def undo_on(page):
    return re.search(r'action="(/teams/housing/sprints/1/changes/[0-9]+/undo/)"', page)


@pytest.fixture
def pulled(team, product_owner, stories):
    """A planned sprint, and the address that undoes what was just pulled into it."""
    sprint = planned_sprint(team, product_owner.user)
    page = product_owner.get(send(product_owner, stories, go="yes", sprint=1)["Location"]).text
    return sprint, undo_on(page)[1]


def test_what_was_pulled_in_leaves_together(product_owner, pulled, stories):
    sprint, address = pulled

    page = product_owner.post(address, follow=True).text

    assert f"{stories[0].reference}, {stories[1].reference} taken out again" in page
    assert not sprint.commitments.exists()
    assert "undid “pulled in" in Change.objects.about(sprint).first().words
    assert product_owner.post(address).status_code == 409


def test_what_the_pull_made_ready_is_in_the_backlog_again(team, product_owner):
    sprint = planned_sprint(team, product_owner.user)
    whole = ready_story(team, product_owner.user)
    whole.move_to(StoryState.BACKLOG, by=product_owner.user)
    send(product_owner, [whole], go="yes", sprint=1)
    assert sprint.commitments.get().story.state == StoryState.READY

    product_owner.post(undo_on(product_owner.get(f"{sprint.get_absolute_url()}history/").text)[1])

    whole.refresh_from_db()
    assert whole.state == StoryState.BACKLOG and not sprint.commitments.exists()


def test_an_active_sprint_remembers_that_they_came_and_went(team, product_owner, stories):
    sprint = started_sprint(team, product_owner.user)
    stories[0].move_to(StoryState.IN_PROGRESS, by=product_owner.user)
    answer = send(product_owner, stories, go="yes", sprint=1, why="A carer asked for it")

    product_owner.post(undo_on(product_owner.get(answer["Location"]).text)[1])

    assert [one.kind for one in sprint.scope_changes.all()] == ["added"] * 2 + ["removed"] * 2
    stories[0].refresh_from_db()
    assert stories[0].state == StoryState.IN_PROGRESS  # as it came


def test_it_is_too_late_once_one_of_them_was_changed(product_owner, pulled, stories):
    sprint, address = pulled
    stories[1].resize(8, by=product_owner.user)

    assert product_owner.post(address).status_code == 409
    assert sprint.commitments.held().count() == 2


def test_the_history_offers_no_undo_of_what_was_taken_out_since(product_owner, pulled, stories):
    sprint, address = pulled
    history = f"{sprint.get_absolute_url()}history/"
    assert address in product_owner.get(history).text

    sprint.take_out(stories[:1], by=product_owner.user)

    assert address not in product_owner.get(history).text


def test_it_is_too_late_once_the_sprint_has_started(product_owner, pulled):
    sprint, address = pulled
    sprint.start(by=product_owner.user)

    assert product_owner.post(address).status_code == 409
    assert "changes/" not in product_owner.get(f"{sprint.get_absolute_url()}history/").text


def test_another_delivery_manager_does_not_undo_what_the_product_owner_pulled(delivery_manager, pulled):
    sprint, address = pulled

    assert delivery_manager.post(address).status_code == 403
    assert sprint.commitments.held().count() == 2


def test_the_undo_of_the_backlog_knows_nothing_of_sprints(product_owner, pulled):
    change = Change.objects.about(pulled[0]).filter(undo__isnull=False).get()

    assert product_owner.post(f"/teams/housing/changes/{change.pk}/undo/").status_code == 404


def test_a_refused_plan_names_all_that_is_lacking_and_keeps_what_was_selected(team, product_owner):
    sprint = planned_sprint(team, product_owner.user)
    raw = [make_story(team, product_owner.user, title=title) for title in ("One", "Two")]
    ready = ready_story(team, product_owner.user)
    picked = [one.reference for one in (*raw, ready)]

    page = product_owner.post(f"{sprint.get_absolute_url()}plan/", {"act": "pull", "pick": picked})

    assert page.status_code == 422 and not sprint.commitments.exists()
    assert all(f"Before {one.reference} is ready" in page.text for one in raw)
    assert page.text.count(" checked>") == 3
