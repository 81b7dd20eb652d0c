"""Stories selected in the backlog go into a sprint."""

import pytest

from tests.factories import planned_sprint, ready_story, started_sprint

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

    assert answer["Location"] == f"{sprint.get_absolute_url()}plan/"
    assert [one.story for one in sprint.commitments.held().in_place()] == stories


def test_an_active_sprint_asks_why(team, delivery_manager, product_owner, stories):
    sprint = started_sprint(team, product_owner.user)

    refused = send(delivery_manager, stories, go="yes", sprint=1)
    taken = send(delivery_manager, stories, go="yes", sprint=1, why="A carer asked for it")

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Say why the scope changes" in refused.text
    assert [one.why for one in sprint.scope_changes.all()] == ["A carer asked for it"] * 2


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
