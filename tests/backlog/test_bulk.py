"""Several opportunities changed together from their list: what is refused, and how the undo answers."""

import pytest

from backlog.models import State
from tests.factories import ranked_opportunity, ready_opportunity

LIST = "/teams/housing/opportunities/"
PARK = {"act": "park", "go": "yes", "reason": "Later", "until": "1 3 2027"}


@pytest.fixture
def three(team, product_owner):
    return [ready_opportunity(team, product_owner.user) for _ in range(3)]


def send(client, picked, *, query="", **answers):
    answers = {"pick": [one.reference for one in picked], **answers}
    return client.post(f"{LIST}bulk/{query}", answers, follow=True)


def undo(client, page, query=""):
    action = page.split('action="/teams/housing/changes/')[1].split('"')[0]
    assert action.endswith(f"/undo/{query}")
    return client.post(f"/teams/housing/changes/{action}", follow=True)


def test_undoing_a_change_of_several_says_so_above_the_list_as_it_was_filtered(three, product_owner):
    page = send(product_owner, three, query="?scored=no", **PARK).text

    answer = undo(product_owner, page, "?scored=no")

    assert "Undone for 3 opportunities: parked them: Later" in answer.text
    assert answer.request["QUERY_STRING"] == "scored=no"
    assert {one.reference: one.state for one in three[0].team.opportunities.all()} == {
        one.reference: State.READY for one in three
    }


def test_a_move_of_several_and_its_undo_say_who_did_it(team, product_owner):
    five = [ranked_opportunity(team, product_owner.user) for _ in range(5)]

    page = send(product_owner, five[3:], act="top", go="yes").text
    answer = undo(product_owner, page)

    assert "<b>You</b> moved 2 opportunities." in " ".join(page.split())
    assert "Undone: moved 2 opportunities" in answer.text


def test_all_that_stand_in_the_way_are_named(three, team, product_owner):
    ahead = [ranked_opportunity(team, product_owner.user) for _ in range(2)]

    page = send(product_owner, [*three, *ahead], act="ready", go="yes")
    move = send(product_owner, [three[0], *ahead], act="bottom", go="yes")

    assert page.status_code == move.status_code == 422
    assert all(f"{one.reference} is “Take forward”" in page.text for one in ahead)
    assert f"have a place in the order: not {three[0].reference}" in move.text


def test_changing_nothing_is_said(three, product_owner, theme):
    for _ in range(2):
        page = send(product_owner, three, act="theme", go="yes", theme=theme.pk).text

    assert "They are like that already, so nothing was changed" in page
