"""What another team of the same programme has is not found by its reference, wherever a form takes one (P2)."""

import pytest
from django.urls import reverse

from tests import factories
from tests.research.making import a_finding, a_round

pytestmark = pytest.mark.django_db
SECRET = "ZZSECRET plan for the keys"


@pytest.fixture
def neighbour(team):
    """The product owner of another team, who writes its things."""
    there = factories.TeamFactory(programme=team.programme, slug="bereavement", prefix="BER")
    return factories.MembershipFactory(team=there, role="product_owner")


@pytest.fixture(params=["opportunity", "story"])
def theirs(request, neighbour):
    make = {"opportunity": factories.ready_opportunity, "story": factories.ready_story}[request.param]
    return make(neighbour.team, neighbour.user, title=SECRET)


@pytest.fixture
def mine(team, product_owner):
    return factories.ready_opportunity(team, product_owner.user)


def test_nothing_is_merged_into_it(product_owner, neighbour, mine):
    theirs = factories.ready_opportunity(neighbour.team, neighbour.user, title=SECRET)
    answers = {"outcome": "merged", "into": theirs.reference, "version": mine.version}

    response = product_owner.post(f"{mine.get_absolute_url()}outcome/", answers)

    mine.refresh_from_db()
    assert response.status_code == 422 and SECRET not in response.text and mine.state == "ready"


def test_no_finding_is_linked_to_it(member, researcher, mine, theirs):
    finding = a_finding(a_round(mine.team, researcher.user), researcher.user)
    url = reverse("research:link_finding", args=[mine.team.slug, finding.pk])

    response = member.post(url, {"reference": theirs.reference}, follow=True)

    assert response.status_code == 422 and SECRET not in response.text
    assert not finding.stories.exists() and not finding.opportunities.exists()


def test_a_finding_is_linked_to_what_the_programme_backlog_shows(member, researcher, neighbour, mine):
    theirs = factories.ranked_opportunity(neighbour.team, neighbour.user)
    finding = a_finding(a_round(mine.team, researcher.user), researcher.user)

    member.post(reverse("research:link_finding", args=[mine.team.slug, finding.pk]), {"reference": theirs.reference})

    assert list(finding.opportunities.all()) == [theirs]


def test_no_link_leads_to_it(member, mine, theirs):
    response = member.post(f"{mine.get_absolute_url()}links/", {"title": "Keys", "address": theirs.reference})

    assert response.status_code == 422 and not mine.links.exists()


@pytest.mark.parametrize(("make", "warned"), [("ready_opportunity", False), ("ranked_opportunity", True)])
def test_a_title_like_it_warns_of_what_the_programme_backlog_shows(member, neighbour, make, warned):
    getattr(factories, make)(neighbour.team, neighbour.user, title=SECRET)

    page = member.get("/teams/housing/opportunities/alike/", {"title": "A plan for the keys"}).text

    assert (SECRET in page) == warned
