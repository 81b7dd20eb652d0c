"""Preparing a review, and the list of reviews."""

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django.asserts import assertNumQueries

from backlog.models import ReviewSession
from teams.models import OutgoingMail
from tests.backlog.reviewing import forward, post, text_of
from tests.factories import MembershipFactory, TeamFactory, ready_opportunity

pytestmark = pytest.mark.django_db


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
