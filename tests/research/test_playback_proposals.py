"""A reviewer proposes a value; the product owner sees it beside the figure, and takes it over by scoring."""

import pytest
from django.core.exceptions import ValidationError

from research.models import Answer, Part, Response
from tests.factories import shared_playback

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner, lead):
    return shared_playback(team, product_owner.user, reviewers=[lead.user], items=1)


@pytest.fixture
def opportunity(shared):
    return shared.items.get().opportunity


@pytest.fixture
def proposed(shared, lead):
    where = f"{shared.get_absolute_url()}items/{shared.items.get().pk}/answer/"
    return lead.post(where, {"answer": "agree", "value": "8"}, follow=True)


def test_the_figure_stays_and_the_proposal_stands_beside_it(proposed, shared, opportunity, product_owner):
    assert "You would give it value 8" in proposed.text

    page = product_owner.get(shared.get_absolute_url()).text

    assert "8 by Bryony Castlemere" in page and "Value 5, size S" in page
    opportunity.refresh_from_db()
    assert opportunity.value == 5


def test_the_owner_takes_it_over_by_scoring(proposed, opportunity, product_owner):
    page = product_owner.get(opportunity.get_absolute_url()).text
    where = f"/opportunities/{opportunity.reference}/score/?value=8"
    assert f'href="{where}"' in page

    form = product_owner.get(where).text
    assert '<option value="8" selected>' in form
    product_owner.post(where, {"value": 8, "size": opportunity.size, "version": opportunity.version})

    opportunity.refresh_from_db()
    assert opportunity.value == 8 and "it has it" in product_owner.get(opportunity.get_absolute_url()).text


def test_who_may_not_set_the_value_is_offered_no_way(proposed, opportunity, member):
    page = member.get(opportunity.get_absolute_url()).text

    assert "by Bryony Castlemere" in page and "Take over" not in page


def test_an_answer_without_a_proposal_takes_the_first_one_back(proposed, shared, opportunity):
    Response.objects.answer(shared.reviewers.get(), shared.items.get(), Answer.AGREE)

    assert not Response.objects.with_a_value_for(opportunity).exists()


@pytest.mark.parametrize("value", ["4", "9", "abc", "-1", "1e400"])
def test_a_value_off_the_scale_is_refused(shared, lead, value):
    where = f"{shared.get_absolute_url()}items/{shared.items.get().pk}/answer/"

    assert lead.post(where, {"answer": "agree", "value": value}).status_code == 422


def test_only_an_opportunity_has_one(shared, product_owner):
    item = shared.add_item(Part.OUTPUT, by=product_owner.user, headline="The tenant journey")
    shared.share(by=product_owner.user)

    with pytest.raises(ValidationError, match="Only an opportunity"):
        Response.objects.answer(shared.reviewers.get(), item, Answer.AGREE, value=8)


@pytest.mark.parametrize("value", ["999", "x", "%00", "8%27"])
def test_a_proposal_that_is_none_is_left_out(product_owner, opportunity, value):
    response = product_owner.get(f"/opportunities/{opportunity.reference}/score/?value={value}")

    assert response.status_code in (200, 400)
