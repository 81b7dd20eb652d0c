"""The thread of an opportunity that others were merged into."""

import pytest

from tests.factories import TeamFactory, ranked_opportunity, ready_opportunity
from tests.research.making import a_finding, a_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def grown(team, product_owner):
    """Has taken in one that had taken in another, which belonged to a team that nobody here is in."""
    by = product_owner.user
    last = ranked_opportunity(team, by, earlier_participants=5)
    between = ready_opportunity(team, by, earlier_participants=6, earlier_reference="Lettings survey")
    first = ready_opportunity(TeamFactory(programme=team.programme, prefix="REP"), by, title="A secret of repairs")
    first.merge_into(between, by=by)
    between.refresh_from_db()
    between.merge_into(last, by=by)
    return last, between, first


def test_it_says_who_came_with_what_was_merged_into_it(grown, product_owner):
    last, between, first = grown

    page = product_owner.get(f"{last.get_absolute_url()}thread/").text

    assert "5 people in earlier research" in page
    assert f"{between.title}</a> is part of it, with 6 people in earlier research: Lettings survey." in page
    assert f"{first.reference}</span> is part of it." in page and first.title not in page


def test_what_was_learned_about_the_first_of_them_stands_in_it(grown, team, product_owner):
    finding = a_finding(a_round(team, product_owner.user), product_owner.user)
    finding.opportunities.add(grown[2])

    assert finding.statement in product_owner.get(f"{grown[0].get_absolute_url()}thread/").text
