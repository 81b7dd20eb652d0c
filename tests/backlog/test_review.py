"""The page on which the room meets: deciding with and without htmx, and each kind of person."""

import re
from html import unescape
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from backlog.models import Decision, Opportunity, ReviewSession, State
from teams.models import Change, OutgoingMail, Submission
from tests.factories import (
    MembershipFactory,
    ServiceFactory,
    ServiceLeadFactory,
    TeamFactory,
    ThemeFactory,
    ready_opportunity,
)
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(team):
    return ThemeFactory(programme=team.programme, name="Keep people informed")


def a_session(team, by, count=3):
    for number in range(count):
        ready_opportunity(team, by, title=f"Tenants wait {number}", recommendation="Say how long")
    session = ReviewSession.objects.prepare(team, "Housing review", by=by)
    session.start(by=by)
    return session


@pytest.fixture
def session(team, product_owner, theme):
    return a_session(team, product_owner.user)


def address(name, session, *args):
    return reverse(f"backlog:{name}", args=[session.team.slug, session.pk, *args])


def hidden(page):
    """The hidden fields and words of the form, as a browser would send them back."""
    text = page if isinstance(page, str) else page.text
    sent = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', text))
    words = dict(re.findall(r'<textarea[^>]*name="(title|recommendation)" form="decide"[^>]*>([^<]*)</textarea>', text))
    return sent | {name: unescape(value) for name, value in words.items()}


def post(client, session, position, answers, page=None, **extra):
    page = page or client.get(address("review_item", session, position))
    return client.post(address("review_decide", session, position), hidden(page) | answers, **extra)


def forward(theme, value=8, size=2):
    return {"themes": [theme.pk], "value": value, "size": size, "outcome": "take_forward", "do": "save"}


def item(session, position):
    return session.items.for_page().get(position=position)


def text_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(response.text)).split())


class TestThePage:
    def test_shows_the_item_the_counts_and_the_place(self, product_owner, session):
        item(session, 2).skip(by=product_owner.user)
        page = text_of(product_owner.get(session.get_absolute_url()))

        assert "0 of 3 reviewed 3 left 1 skipped 0 minutes" in page
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
        assert "3 of 3 opportunities reviewed in 0 minutes" in page
        assert "Take forward 2 Park 0 Won’t do 1 Merge 0 Needs evidence 0" in page
        assert "Keep people informed 2" in page
        assert "Quick win Value 5 or more, size M or less 1" in page

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


READS = ["review", "review_items", "review_news"]
WRITES = ["review_start", "review_finish"]
PEOPLE = {
    "product_owner": (200, 302),
    "delivery_manager": (200, 302),
    "member": (200, 403),
    "researcher": (200, 403),
    "invited_lead": (200, 403),
    "service_lead": (403, 403),
    "administrator": (403, 403),
    "outsider": (404, 404),
}


class TestWhoMay:
    @pytest.fixture
    def invited_lead(self, session):
        lead = ServiceLeadFactory(service=ServiceFactory(programme=session.team.programme)).user
        session.attendees.add(lead)
        return signed_in(lead)

    @pytest.mark.parametrize(("who", "reads", "writes"), [(who, *answers) for who, answers in PEOPLE.items()])
    @pytest.mark.parametrize("how", [{}, {"headers": {"HX-Request": "true"}}])
    def test_each_person_is_answered_as_the_table_says(self, request, session, who, reads, writes, how):
        client = request.getfixturevalue(who)

        seen = {client.get(address(name, session), **how).status_code for name in READS}
        seen |= {client.get(address("review_item", session, 1), **how).status_code}
        done = {client.post(address(name, session), **how).status_code for name in WRITES}
        done |= {client.post(address("review_undo", session, 1), **how).status_code}
        decided = client.post(address("review_decide", session, 1), {"do": "save", "key": uuid4()}, **how).status_code

        assert seen == {reads}
        assert done == {writes}
        assert decided == (422 if writes == 302 else writes)

    @pytest.mark.parametrize(
        ("who", "status"),
        [("product_owner", 200), ("delivery_manager", 200), ("member", 403), ("researcher", 403),
         ("service_lead", 403), ("administrator", 403), ("outsider", 404)],
    )  # fmt: skip
    def test_only_recorders_prepare(self, request, team, who, status):
        client = request.getfixturevalue(who)

        assert client.get(reverse("backlog:review_prepare", args=[team.slug])).status_code == status

    def test_an_invited_lead_finds_no_link_that_would_refuse_them(self, invited_lead, session):
        page = invited_lead.get(session.get_absolute_url())

        inside = [path for path in re.findall(r'href="(/(?:teams|opportunities)/[^"]*)"', page.text)]
        assert inside
        assert {invited_lead.get(path).status_code for path in inside} == {200}

    def test_the_list_shows_an_invited_lead_only_their_sessions(self, product_owner, invited_lead, session):
        ready_opportunity(session.team, product_owner.user)
        ReviewSession.objects.prepare(session.team, "Without leads", by=product_owner.user)

        page = invited_lead.get(reverse("backlog:reviews", args=[session.team.slug])).text

        assert "Housing review" in page
        assert "Without leads" not in page

    def test_a_session_of_another_team_is_as_missing_as_one_that_never_was(self, product_owner, outsider, session):
        theirs = a_session(outsider.user.memberships.get().team, outsider.user)
        crossed = reverse("backlog:review", args=["housing", theirs.pk])

        assert product_owner.get(crossed).status_code == 404
        assert product_owner.get(reverse("backlog:review", args=["housing", 10**12])).status_code == 404
        assert product_owner.get(address("review_item", session, 99)).status_code == 404

    def test_somebody_of_another_team_follows_by_invitation(self, session):
        designer = MembershipFactory(team=TeamFactory(programme=session.team.programme)).user
        client = signed_in(designer)
        assert client.get(session.get_absolute_url()).status_code == 404

        session.attendees.add(designer)

        page = client.get(session.get_absolute_url())
        assert page.status_code == 200
        assert 'name="size"' in page.text


class TestPreparing:
    def answers(self, team, **extra):
        return {"name": "Part two", "teams": [team.pk], "minutes": 90, "key": uuid4()} | extra

    def test_makes_a_session_and_asks_the_invited_by_letter(self, product_owner, service_lead, team):
        ready_opportunity(team, product_owner.user)

        response = product_owner.post(
            reverse("backlog:review_prepare", args=[team.slug]), self.answers(team, attendees=[service_lead.user.pk])
        )

        session = ReviewSession.objects.get()
        assert urlsplit(response.url).path == session.get_absolute_url()
        assert [*session.attendees.all()] == [service_lead.user]
        letter = OutgoingMail.objects.get()
        assert (letter.to, session.get_absolute_url() in letter.text) == (service_lead.user.email, True)

    def test_sent_twice_makes_one_session(self, product_owner, team):
        ready_opportunity(team, product_owner.user)
        answers, url = self.answers(team), reverse("backlog:review_prepare", args=[team.slug])

        first, second = product_owner.post(url, answers), product_owner.post(url, answers)

        assert first.url == second.url
        assert ReviewSession.objects.count() == 1

    def test_only_teams_in_which_the_person_records_can_be_chosen(self, product_owner, team):
        other = MembershipFactory(team=TeamFactory(programme=team.programme), user=product_owner.user).team

        response = product_owner.post(
            reverse("backlog:review_prepare", args=[team.slug]), self.answers(team, teams=[team.pk, other.pk])
        )

        assert response.status_code == 422

    def test_two_teams_make_one_scope(self, product_owner, team):
        other = TeamFactory(programme=team.programme)
        MembershipFactory(team=other, user=product_owner.user, role="product_owner")
        ready_opportunity(team, product_owner.user)
        ready_opportunity(other, product_owner.user)

        product_owner.post(
            reverse("backlog:review_prepare", args=[team.slug]), self.answers(team, teams=[team.pk, other.pk])
        )

        assert ReviewSession.objects.get().items.count() == 2

    def test_nothing_ready_is_said_in_words(self, product_owner, team):
        response = product_owner.post(reverse("backlog:review_prepare", args=[team.slug]), self.answers(team))

        assert response.status_code == 422
        assert "Nothing is ready to review" in response.text

    def test_an_outsider_cannot_be_invited(self, product_owner, outsider, team):
        ready_opportunity(team, product_owner.user)

        response = product_owner.post(
            reverse("backlog:review_prepare", args=[team.slug]), self.answers(team, attendees=[outsider.user.pk])
        )

        assert response.status_code == 422


class TestTheList:
    def test_is_empty_in_a_way_that_teaches(self, product_owner, team):
        page = text_of(product_owner.get(reverse("backlog:reviews", args=[team.slug])))

        assert "goes through opportunities one by one" in page

    def test_labels_both_counters(self, product_owner, session, theme):
        post(product_owner, session, 1, forward(theme))
        ready_opportunity(session.team, product_owner.user)

        page = text_of(product_owner.get(reverse("backlog:reviews", args=["housing"])))

        assert "1 of 3 reviewed" in page
        assert "The team as a whole, live: 1 of 4 opportunities reviewed" in page

    def test_costs_as_many_queries_for_many_sessions(self, product_owner, session):
        url = reverse("backlog:reviews", args=["housing"])
        product_owner.get(url)
        for number in range(5):
            ready_opportunity(session.team, product_owner.user)
            ReviewSession.objects.prepare(session.team, f"Review {number}", by=product_owner.user)

        with assertNumQueries(8):
            product_owner.get(url)


def test_an_unknown_verb_of_the_live_message_says_nothing(product_owner, session):
    for done in ("saved.9", "x", "saved.", "saved.²", "kept.99999999999999999999"):
        assert product_owner.get(session.get_absolute_url(), {"done": done}).status_code == 200


def test_decisions_in_threads_decide_each_item_once(transactional_db):
    """Eight people press the same button on the same page at once: one is recorded, the others see a conflict."""
    from threading import Barrier, Thread

    from django.db import connection

    from teams.permissions import Role
    from tests.factories import MembershipFactory, TeamFactory

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


def test_decision_needs_no_themes_to_be_named(session, product_owner):
    item(session, 1).decide(Decision(State.WONT_DO, reason="No"), by=product_owner.user)

    assert item(session, 1).decided["themes"] == []
