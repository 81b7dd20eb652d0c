"""Who may do what in a review."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from backlog.models import ReviewSession
from tests.backlog.reviewing import a_session, address
from tests.factories import MembershipFactory, ServiceFactory, ServiceLeadFactory, TeamFactory, ready_opportunity
from tests.people import signed_in

pytestmark = pytest.mark.django_db
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
