"""Leaving an item of a review: skipped, paused, gone back to, undone, or for good."""

import re

import pytest

from backlog.models import ReviewSession, State
from tests.backlog.reviewing import address, forward, item, post, text_of

pytestmark = pytest.mark.django_db


class TestLeavingAnItem:
    def test_skip_keeps_what_was_chosen_and_says_so(self, product_owner, session):
        response = post(product_owner, session, 1, {"value": 5, "outcome": "parked", "do": "skip"}, follow=True)
        back = product_owner.get(address("review_item", session, 1)).text

        assert "skipped. It comes back at the end. What you chose for HOU-1 is kept" in text_of(response)
        assert re.search(r'name="value"[^>]*value="5" checked', back)
        assert re.search(r'value="parked" checked', back)
        assert "Chosen before and not saved yet" in back
        assert item(session, 1).opportunity.value is None

    def test_skip_without_a_choice_keeps_no_draft(self, product_owner, session):
        post(product_owner, session, 1, {"value": "", "size": "", "reason": "", "until": "", "do": "skip"})

        assert item(session, 1).draft is None

    def test_pause_keeps_the_place_and_the_choice_for_everyone(self, product_owner, delivery_manager, session):
        post(product_owner, session, 1, {"do": "skip"})
        post(product_owner, session, 2, {"size": 3, "do": "pause"})

        paused = text_of(delivery_manager.get(session.get_absolute_url()))
        delivery_manager.post(address("review_start", session))
        resumed = delivery_manager.get(session.get_absolute_url()).text

        assert "Resume at HOU-2" in paused
        assert "Tenants wait 1" in resumed
        assert re.search(r'name="size"[^>]*value="3" checked', resumed)

    def test_back_shows_the_one_before_and_saving_there_returns_to_the_room(self, product_owner, session, theme):
        post(product_owner, session, 1, forward(theme))
        response = post(product_owner, session, 2, {"value": 1, "do": "back"}, follow=True)
        assert "Take forward, recorded by Product owner" in text_of(response)
        assert "What you chose for HOU-2 is kept" in text_of(response)

        changed = {"outcome": "parked", "reason": "Later", "until": "1 1 2099", "value": 8, "size": 2, "do": "save"}
        page = post(product_owner, session, 1, changed, response, follow=True)

        assert item(session, 1).opportunity.state == State.PARKED
        assert "HOU-1 parked: Later." in text_of(page)
        assert "Tenants wait 1" in page.text

    def test_undo_stands_beside_what_was_done(self, product_owner, session, theme):
        page = post(product_owner, session, 1, forward(theme), follow=True)
        undo = re.search(r'action="([^"]*/items/1/undo/)"', page.text)[1]

        response = product_owner.post(undo, follow=True)

        assert "HOU-1 is ready to review again" in text_of(response)
        assert "0 of 3 reviewed" in text_of(response)
        assert item(session, 1).opportunity.value is None

    def test_finishing_with_items_left_asks_first(self, product_owner, session):
        page = text_of(product_owner.get(address("review_finish", session)))

        assert "Finish with 3 left?" in page
        assert not ReviewSession.objects.get().is_finished

    def test_nothing_is_decided_while_paused_and_nothing_is_lost(self, product_owner, session, theme):
        page = product_owner.get(session.get_absolute_url())
        session.pause(by=product_owner.user)

        response = post(product_owner, session, 1, forward(theme), page, follow=True)

        assert "The review was paused meanwhile" in text_of(response)
        assert item(session, 1).opportunity.state == State.READY
        assert item(session, 1).draft["value"] == "8"

    def test_a_finished_review_takes_no_decision(self, product_owner, session, theme):
        page = product_owner.get(session.get_absolute_url())
        session.finish(by=product_owner.user)

        response = post(product_owner, session, 1, forward(theme), page)

        assert response.status_code == 422
        assert "This review is finished" in response.text
