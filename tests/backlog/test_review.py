"""The page on which the room meets, and what deciding there does, with and without htmx."""

import re
from html import unescape

import pytest

from backlog.models import Decision, State
from teams.models import Change, Submission
from tests.backlog.reviewing import a_session, address, forward, item, post, text_of
from tests.factories import TeamFactory, ThemeFactory, ranked_opportunity, ready_opportunity

pytestmark = pytest.mark.django_db


class TestThePage:
    def test_shows_the_item_the_counts_and_the_place(self, product_owner, session):
        item(session, 2).skip(by=product_owner.user)
        page = text_of(product_owner.get(session.get_absolute_url()))

        assert "0 of 3 reviewed 3 left 1 skipped less than a minute" in page
        assert "Tenants wait 2" in page
        assert "Say how long" in page
        assert "Save and next Skip for now Back Pause" in page

    def test_says_where_it_is_to_those_who_cannot_see_the_squares(self, product_owner, session):
        page = product_owner.get(session.get_absolute_url()).text

        assert 'aria-label="3 opportunities in one stage: 0 reviewed, now at number 1, the first of stage' in page

    def test_costs_as_many_queries_for_fifty_items_as_for_five(self, team, product_owner, theme):
        def queries(count):
            session = a_session(team, product_owner.user, count)
            with CaptureQueriesContext(connection) as caught:
                assert product_owner.get(session.get_absolute_url()).status_code == 200
                assert product_owner.get(address("review_items", session)).status_code == 200
            session.finish(by=product_owner.user)
            with CaptureQueriesContext(connection) as more:
                assert product_owner.get(session.get_absolute_url()).status_code == 200
            return len(caught), len(more)

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        few, many = queries(5), queries(50)

        assert few == many
        assert few[0] <= 28


class TestDeciding:
    def test_one_submit_saves_theme_value_size_and_outcome_and_goes_on(self, product_owner, session, theme):
        response = post(product_owner, session, 1, forward(theme), follow=True)

        taken = item(session, 1).opportunity
        assert (taken.state, taken.score) == (State.TAKE_FORWARD, 4)
        page = text_of(response)
        assert (
            f"{taken.reference} scored 8 ÷ 2 = 4.00 and taken forward. Now 1st of 1 in the programme backlog." in page
        )
        assert "1 of 3 reviewed 2 left" in page
        assert "Tenants wait 1" in page

    def test_htmx_gets_the_next_item_alone(self, product_owner, session, theme, htmx):
        response = post(product_owner, session, 1, forward(theme), follow=True, **htmx)

        assert response.status_code == 200
        assert "<html" not in response.text
        assert '<div id="review">' in response.text
        assert "Tenants wait 1" in response.text
        assert 'id="said" role="status" aria-live="polite" hx-swap-oob="true"' in response.text

    @pytest.mark.parametrize("how", [{}, {"headers": {"HX-Request": "true"}}])
    def test_a_whole_session_ends_with_a_summary(self, product_owner, session, theme, how):
        post(product_owner, session, 1, {"do": "skip"}, **how)
        post(product_owner, session, 2, forward(theme, 8, 2), **how)
        post(product_owner, session, 3, forward(theme, 3, 5), **how)
        last = post(product_owner, session, 1, {"outcome": "wont_do", "reason": "A charity leads", "do": "save"}, **how)
        nothing_left = product_owner.get(last.url, **how)
        product_owner.post(address("review_finish", session))
        page = text_of(product_owner.get(session.get_absolute_url()))

        assert "Nothing is left to review" in nothing_left.text
        assert "3 of 3 opportunities reviewed in less than a minute" in page
        assert "Take forward 2 Park 0 Won’t do 1 Merge 0 Needs evidence 0" in page
        assert "Keep people informed 2" in page
        assert "Quick win Value 5 or more, size M or less 1" in page
        assert page.index("Put these in a playback") < page.index("By outcome")

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "Choose an outcome"),
            ({"outcome": "take_forward"}, "Choose at least one theme to take it forward"),
            ({"outcome": "take_forward"}, "Choose a value to take it forward"),
            ({"outcome": "take_forward"}, "Choose a size to take it forward"),
            ({"outcome": "parked"}, "Say why it is parked"),
            ({"outcome": "parked", "reason": "x"}, "Enter the date to look at it again"),
            ({"outcome": "parked", "reason": "x", "until": "1 1 2020"}, "must be in the future"),
            ({"outcome": "parked", "reason": "x", "until": "soon"}, "Enter a date, such as 27 3 2027"),
            ({"outcome": "wont_do"}, "Say why it won’t be done"),
            ({"outcome": "merged"}, "Enter the reference of the opportunity it belongs to"),
            ({"outcome": "merged", "into": "NO-1"}, "There is no NO-1 in your teams"),
            ({"outcome": "merged", "into": "HOU-1"}, "Choose another opportunity of this programme"),
            ({"outcome": "needs_evidence"}, "Say what you need to find out"),
            ({"outcome": "delivered"}, "Choose the outcome from the list"),
            ({"outcome": "parked", "title": ""}, "Enter a title"),
        ],
    )
    @pytest.mark.parametrize("how", [{}, {"headers": {"HX-Request": "true"}}])
    def test_a_mistake_is_named_and_nothing_is_lost(self, product_owner, session, answers, words, how):
        sent = {"value": 5, "do": "save"} | answers
        sent |= {"value": ""} if "value" in words else {}

        response = post(product_owner, session, 1, sent, **how)

        assert response.status_code == 422
        assert words in unescape(response.text)
        assert "There is a problem" in response.text
        assert item(session, 1).opportunity.state == State.READY
        assert "field--error" in response.text or answers.keys() & {"title", "into"}
        if sent["value"]:
            assert re.search(r'name="value"[^>]*value="5" checked', response.text)

    def test_merging_takes_what_the_list_of_suggestions_fills_in(self, product_owner, session):
        target = item(session, 2).opportunity

        post(
            product_owner, session, 1, {"outcome": "merged", "into": f"{target.reference} {target.title}", "do": "save"}
        )

        assert item(session, 1).opportunity.merged_into == target

    def test_the_title_can_be_put_right_in_the_same_form(self, product_owner, session, theme):
        post(product_owner, session, 1, forward(theme) | {"title": "Tenants wait too long"})

        assert item(session, 1).opportunity.title == "Tenants wait too long"

    def test_an_archived_theme_is_not_lost_by_saving(self, product_owner, session, theme):
        old = ThemeFactory(programme=session.team.programme, archived_at="2026-01-01T00:00Z")
        item(session, 1).opportunity.themes.add(old)

        post(product_owner, session, 1, forward(theme) | {"themes": [theme.pk, old.pk]})

        assert {*item(session, 1).opportunity.themes.all()} == {theme, old}

    def test_another_teams_opportunity_cannot_be_merged_into(self, product_owner, session, outsider):
        other = TeamFactory(programme=session.team.programme)
        hers = ready_opportunity(other, outsider.user)

        response = post(product_owner, session, 1, {"outcome": "merged", "into": hers.reference, "do": "save"})

        assert response.status_code == 422
        assert hers.title not in response.text.replace(item(session, 1).opportunity.title, "")

    def test_sent_twice_decides_once_and_answers_the_same(self, product_owner, session, theme):
        page = product_owner.get(session.get_absolute_url())
        first = post(product_owner, session, 1, forward(theme), page)
        second = post(product_owner, session, 1, forward(theme), page)

        assert first.url == second.url
        assert Change.objects.filter(words="took it forward").count() == 1
        assert Submission.objects.count() == 1

    def test_a_mistake_does_not_use_the_key_up(self, product_owner, session, theme):
        page = product_owner.get(session.get_absolute_url())
        post(product_owner, session, 1, {"do": "save"}, page)

        assert post(product_owner, session, 1, forward(theme), page).status_code == 302
        assert item(session, 1).is_reviewed

    def test_a_form_without_its_key_is_refused_in_words(self, product_owner, session):
        response = product_owner.post(address("review_decide", session, 1), {"do": "save"})

        assert response.status_code == 422
        assert "This page was not sent whole" in response.text

    def test_the_sum_says_what_a_score_would_do(self, product_owner, session):
        response = product_owner.get(address("review_would", session, 1), {"value": 8, "size": 2})

        assert text_of(response) == "8 ÷ 2 = 4.00 Quick win, would be 1st of 1"
        assert "No score" in product_owner.get(address("review_would", session, 1), {"value": "x"}).text

    def test_the_place_it_would_have_is_among_those_in_the_backlog(self, product_owner, team, session):
        for size in (1, 3):
            ranked_opportunity(team, product_owner.user, 8, size)

        response = product_owner.get(address("review_would", session, 1), {"value": 8, "size": 2})

        assert "would be 2nd of 3" in text_of(response)


def test_an_unknown_verb_of_the_live_message_says_nothing(product_owner, session):
    for done in ("saved.9", "x", "saved.", "saved.²", "kept.99999999999999999999"):
        assert product_owner.get(session.get_absolute_url(), {"done": done}).status_code == 200


def test_decision_needs_no_themes_to_be_named(session, product_owner):
    item(session, 1).decide(Decision(State.WONT_DO, reason="No"), by=product_owner.user)

    assert item(session, 1).decided["themes"] == []
