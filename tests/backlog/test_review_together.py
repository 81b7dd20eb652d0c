"""Several people in one review: who saves what, silent scores, and following."""

import re
from html import unescape
from threading import Barrier, Thread

import pytest
from django.db import connection

from backlog.models import Opportunity, State
from teams.models import Change
from teams.permissions import Role
from tests.backlog.reviewing import a_session, address, forward, item, post, text_of
from tests.factories import MembershipFactory, TeamFactory
from tests.people import signed_in

pytestmark = pytest.mark.django_db


class TestTwoPeopleAtOnce:
    def test_the_second_sees_who_saved_what_and_both_are_kept(self, product_owner, delivery_manager, session, theme):
        mine = product_owner.get(session.get_absolute_url())
        post(delivery_manager, session, 1, {"outcome": "wont_do", "reason": "A charity leads", "do": "save"})

        response = post(product_owner, session, 1, forward(theme), mine)

        assert response.status_code == 409
        page = text_of(response)
        assert "Delivery manager decided not to do it: A charity leads" in page
        assert "Themes Keep people informed Value 8 Size S Outcome Take forward" in page
        assert item(session, 1).opportunity.state == State.WONT_DO

    @pytest.mark.parametrize("how", [{}, {"headers": {"HX-Request": "true"}}])
    def test_saving_mine_instead_undoes_theirs_first(self, product_owner, delivery_manager, session, theme, how):
        mine = product_owner.get(session.get_absolute_url())
        post(delivery_manager, session, 1, {"outcome": "wont_do", "reason": "No", "do": "save"})
        conflict = post(product_owner, session, 1, forward(theme), mine, **how).text
        sent = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', conflict)
        answers = {name: unescape(value) for name, value in sent} | {"do": "save"}

        response = product_owner.post(address("review_decide", session, 1), answers)

        assert response.status_code == 302
        assert item(session, 1).opportunity.state == State.TAKE_FORWARD
        words = [change.words for change in Change.objects.about(item(session, 1).opportunity)]
        assert "undid “decided not to do it: No”" in words

    def test_an_edit_on_its_own_page_is_not_overwritten(self, product_owner, member, session, theme):
        mine = product_owner.get(session.get_absolute_url())
        item(session, 1).opportunity.edit(by=member.user, title="Reworded")

        response = post(product_owner, session, 1, forward(theme), mine)

        assert response.status_code == 409
        assert "Reworded" in response.text
        assert Opportunity.objects.get(reference="HOU-1").title == "Reworded"

    def test_what_was_parked_from_the_list_is_shown_as_such(self, product_owner, session):
        item(session, 1).opportunity.refuse("No budget", by=product_owner.user)

        room = text_of(product_owner.get(session.get_absolute_url()))
        gone = text_of(product_owner.get(address("review_item", session, 1)))

        assert "0 of 3 reviewed 2 left 1 decided elsewhere" in room
        assert "It was changed outside this review" in gone
        assert "decided not to do it: No budget" in gone


class TestSilentScores:
    def score(self, client, session, **answers):
        return client.post(address("review_score", session, 1), answers, follow=True)

    def test_are_unseen_until_shown(self, product_owner, member, researcher, session):
        self.score(member, session, value=8, size=2)
        self.score(researcher, session, value=2, size=3)
        hidden_page = text_of(product_owner.get(session.get_absolute_url()))
        post(product_owner, session, 1, {"do": "reveal"})
        shown = text_of(researcher.get(session.get_absolute_url()))

        assert "2 people have scored silently. Nobody sees the figures yet." in hidden_page
        assert "2 people scored silently: value 2 to 8, size S to M." in shown
        assert "Far apart on value: talk, do not average." in shown
        assert "Team member value 8 size S" in shown

    def test_showing_the_scores_keeps_what_the_recorder_chose(self, product_owner, member, session):
        self.score(member, session, value=8, size=2)

        page = post(product_owner, session, 1, {"value": 5, "do": "reveal"}, follow=True)

        assert re.search(r'name="value"[^>]*value="5" checked', page.text)

    def test_a_service_lead_proposes_a_value_only(self, service_lead, session):
        session.attendees.add(service_lead.user)

        page = service_lead.get(session.get_absolute_url()).text
        self.score(service_lead, session, value=8, size=2)

        assert 'name="size"' not in page
        assert [(one.value, one.size) for one in item(session, 1).silent_scores.all()] == [(8, None)]

    def test_an_empty_score_is_a_mistake(self, member, session):
        response = self.score(member, session, value="", size="")

        assert response.status_code == 422
        assert "Choose a value or a size" in response.text

    def test_too_late_is_said_in_words(self, product_owner, member, session, theme):
        post(product_owner, session, 1, forward(theme))

        response = self.score(member, session, value=8)

        assert response.status_code == 422
        assert "no more can be given" in response.text


class TestFollowing:
    def poll(self, client, session, page):
        asked = unescape(re.search(r'hx-get="([^"]*/news/[^"]*)"', page.text)[1])
        return client.get(asked, headers={"HX-Request": "true", "X-Polling": "true"})

    def test_nothing_new_is_204(self, member, product_owner, session):
        for client in (member, product_owner):
            assert self.poll(client, session, client.get(session.get_absolute_url())).status_code == 204

    def test_a_follower_gets_the_next_item(self, member, product_owner, session, theme):
        page = member.get(session.get_absolute_url())
        post(product_owner, session, 1, forward(theme))

        news = self.poll(member, session, page)

        assert "Tenants wait 1" in news.text
        assert "<html" not in news.text
        assert "data-focus" not in news.text

    def test_whoever_records_keeps_the_form_and_hears_what_happened(
        self, product_owner, delivery_manager, session, theme
    ):
        page = product_owner.get(session.get_absolute_url())
        post(delivery_manager, session, 1, forward(theme))

        news = self.poll(product_owner, session, page)

        assert '<form class="decide"' not in news.text
        assert "The room is at HOU-2; HOU-1 is decided" in text_of(news)

    def test_scores_that_come_in_are_news_to_the_recorder_and_not_to_others(
        self, product_owner, member, researcher, session
    ):
        recorder, follower = product_owner.get(session.get_absolute_url()), member.get(session.get_absolute_url())
        item(session, 1).score_silently(researcher.user, 5, 2)

        assert "1 person has scored silently" in text_of(self.poll(product_owner, session, recorder))
        assert self.poll(member, session, follower).status_code == 204

    def test_the_end_sends_everyone_to_the_summary(self, member, product_owner, session):
        page = member.get(session.get_absolute_url())
        session.finish(by=product_owner.user)

        assert self.poll(member, session, page).headers["HX-Refresh"] == "true"

    def test_a_follower_has_no_form_to_decide(self, member, session):
        page = member.get(session.get_absolute_url()).text

        assert 'class="decide" action' not in page
        assert "Score it silently" in page
        assert "Refresh" in page


def test_decisions_in_threads_decide_each_item_once(transactional_db):
    """Eight people press the same button on the same page at once: one is recorded, the others see a conflict."""
    team = TeamFactory()
    people = [MembershipFactory(team=team, role=Role.PRODUCT_OWNER).user for _ in range(8)]
    session = a_session(team, people[0], 1)
    clients = [signed_in(person) for person in people]
    pages = [client.get(session.get_absolute_url()) for client in clients]
    barrier, answers = Barrier(8), []

    def press(client, page):
        barrier.wait()
        sent = {"outcome": "wont_do", "reason": client.user.name, "do": "save"}
        answers.append(post(client, session, 1, sent, page).status_code)
        connection.close()

    threads = [Thread(target=press, args=pair) for pair in zip(clients, pages, strict=True)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert sorted(answers) == [302] + [409] * 7
    assert Change.objects.filter(words__startswith="decided not to do it").count() == 1
