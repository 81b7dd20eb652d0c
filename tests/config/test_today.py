import datetime as dt

import pytest
from django.utils import timezone

from backlog.models import Opportunity, ReviewSession
from teams.permissions import Role
from tests.factories import MembershipFactory, TeamFactory, UserFactory, make_opportunity, ready_opportunity
from tests.people import signed_in


def test_a_product_owner_goes_on_with_the_review(product_owner, team):
    by = product_owner.user
    ready_opportunity(team, by)
    session = ReviewSession.objects.prepare(team, "Part one", by=by)

    page = product_owner.get("/").text

    assert "Housing" in page and "Discovery" in page
    assert session.get_absolute_url() in page
    assert "of 1" in page
    assert "not scored" in page


def test_parked_items_come_back_on_their_day(member, team):
    one = ready_opportunity(team, member.user, title="Bidding closes before people have seen the homes")
    one.park("New bidding site due", timezone.localdate() + dt.timedelta(1), by=member.user)

    early = member.get("/").text
    Opportunity.objects.update(parked_until=timezone.localdate())
    late = member.get("/").text

    assert "to look at again" not in early
    assert "to look at again" in late


def test_a_service_lead_sees_what_waits_on_them_and_no_team(service_lead, product_owner, team):
    make_opportunity(team, product_owner.user, title="Keys come back late")

    page = service_lead.get("/").text

    assert "You lead a service here" in page
    assert "Keys come back late" not in page
    assert "/teams/housing/" not in page


def test_an_administrator_sees_what_needs_setting_up(administrator, team):
    page = administrator.get("/").text

    assert "No product owner" in page
    assert f"/teams/{team.slug}/people/" in page


def test_somebody_in_no_team_learns_what_to_do(db):
    assert "You are not in a team" in signed_in(UserFactory()).get("/").text


def test_an_archived_team_leaves_today(member, team, administrator):
    team.archive(by=administrator.user)

    assert "Housing" not in member.get("/").text


def test_what_an_empty_team_is_told_is_how_to_begin(member, team):
    page = member.get("/").text

    assert "no opportunities yet" in page
    assert f"/teams/{team.slug}/opportunities/add/" in page


@pytest.mark.parametrize("teams", [1, 5])
def test_statements_are_the_same_for_one_team_and_five(django_assert_num_queries, teams, db):
    user = UserFactory()
    for _ in range(teams):
        team = TeamFactory()
        MembershipFactory(team=team, user=user, role=Role.PRODUCT_OWNER)
        ready_opportunity(team, user)
        ReviewSession.objects.prepare(team, "Part one", by=user)
    client = signed_in(user)

    with django_assert_num_queries(12):
        client.get("/")
