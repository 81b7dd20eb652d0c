import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from teams.permissions import Role
from tests import factories
from tests.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(team):
    return reverse("sprints:roadmap", args=[team.programme.slug])


def taken_forward(team, by, count):
    return [factories.ranked_opportunity(team, by, title=f"Taken forward as {n}") for n in range(1, count + 1)]


def column(page, name):
    return page.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_the_first_five_of_each_team_come_next_and_the_others_later(team, product_owner, url):
    taken_forward(team, product_owner.user, 6)
    other = factories.TeamFactory(programme=team.programme, name="Bereavement")
    factories.ranked_opportunity(other, product_owner.user, 1, 8, title="First of its own team")

    page = product_owner.get(url).text

    assert "Taken forward as 5" in column(page, "next")
    assert "First of its own team" in column(page, "next")
    assert "Taken forward as 6" in column(page, "later")
    assert "1 more" in column(page, "later")


def test_what_is_in_delivery_is_estimated_by_the_sprint_of_its_last_story(team, product_owner, url):
    (opportunity,) = taken_forward(team, product_owner.user, 1)
    story = factories.ready_story(team, product_owner.user, opportunity=opportunity)
    sprint = factories.started_sprint(team, product_owner.user, [story])

    now = column(product_owner.get(url).text, "now")

    assert opportunity.title in now
    assert "0 of 1 story done" in now
    assert f"Estimated for {sprint.ends_on.day} {sprint.ends_on:%B %Y}" in now


def test_there_is_no_date_while_a_story_is_in_no_sprint(team, product_owner, url):
    (opportunity,) = taken_forward(team, product_owner.user, 1)
    story = factories.ready_story(team, product_owner.user, opportunity=opportunity)
    factories.started_sprint(team, product_owner.user, [story])
    factories.ready_story(team, product_owner.user, opportunity=opportunity)

    now = column(product_owner.get(url).text, "now")

    assert "No date yet: 1 story is in no sprint" in now
    assert "Estimated for" not in now


def test_a_planned_sprint_says_when_it_is_estimated_to_start(team, product_owner, url):
    (opportunity,) = taken_forward(team, product_owner.user, 1)
    story = factories.ready_story(team, product_owner.user, opportunity=opportunity)
    factories.planned_sprint(team, product_owner.user, starts_on=localdate()).pull([story], by=product_owner.user)

    assert f"Estimated to start {localdate().day} " in column(product_owner.get(url).text, "next")


def test_it_asks_no_more_for_more(team, product_owner, url, at_most):
    taken_forward(team, product_owner.user, 8)

    with at_most(16):
        product_owner.get(url)


def test_a_service_lead_reads_it_without_links_into_the_team(team, product_owner, service_lead, url):
    (opportunity,) = taken_forward(team, product_owner.user, 1)

    page = service_lead.get(url).text

    assert opportunity.title in page
    assert f"/opportunities/{opportunity.reference}/" not in page


def test_another_teams_opportunities_stand_there_without_a_link(team, product_owner, url):
    (opportunity,) = taken_forward(team, product_owner.user, 1)
    elsewhere = factories.TeamFactory(programme=team.programme)
    reader = signed_in(factories.MembershipFactory(team=elsewhere, role=Role.MEMBER).user)

    assert f"/opportunities/{opportunity.reference}/" not in reader.get(url).text
