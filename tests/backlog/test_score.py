import pytest

from backlog import scoring
from backlog.models import Opportunity
from tests.factories import make_opportunity, ranked_opportunity, ready_opportunity


@pytest.fixture
def opportunity(team, product_owner):
    return ready_opportunity(team, product_owner.user)


@pytest.fixture
def url(opportunity):
    return f"/opportunities/{opportunity.reference}/score/"


def answers(opportunity, **fields):
    return {"value": 8, "size": 2, "version": opportunity.version} | fields


def test_the_product_owner_scores(product_owner, opportunity, url):
    response = product_owner.post(url, answers(opportunity))

    opportunity.refresh_from_db()
    assert (opportunity.value, opportunity.size) == (8, 2)
    assert response.status_code == 302
    assert f"at={opportunity.reference}" in response["Location"]


def test_htmx_gets_the_row_and_a_sentence(product_owner, opportunity, url, htmx, at_most):
    with at_most(10):
        response = product_owner.post(url, answers(opportunity), **htmx)

    assert response.text.lstrip().startswith('<tr role="row" id="opportunity-')
    assert "<html" not in response.text
    assert "scored 8 ÷ 2 = 4.00" in response.text
    assert "Undo" in response.text


def test_the_form_takes_the_place_of_the_row(product_owner, url, htmx):
    response = product_owner.get(url, **htmx)

    assert 'class="editing"' in response.text
    assert "<html" not in response.text


def test_a_member_sets_the_size_and_never_the_value(member, opportunity, url):
    member.post(url, answers(opportunity))

    opportunity.refresh_from_db()
    assert (opportunity.value, opportunity.size) == (None, 2)


@pytest.mark.parametrize("wrong", [{"value": 4}, {"size": 9}, {"value": "x"}, {"version": ""}, {"size": "9" * 400}])
def test_what_is_not_on_the_scale_is_refused(product_owner, opportunity, url, wrong):
    response = product_owner.post(url, answers(opportunity, **wrong))

    opportunity.refresh_from_db()
    assert response.status_code == 422
    assert opportunity.value is None
    assert "There is a problem" in response.text


def test_what_is_new_cannot_be_scored_yet(product_owner, team):
    new = make_opportunity(team, product_owner.user)

    response = product_owner.post(f"/opportunities/{new.reference}/score/", answers(new))

    assert response.status_code == 422
    assert "ready to review or taken forward" in response.text


def test_the_second_of_two_is_shown_both_scores(product_owner, delivery_manager, opportunity, url):
    seen = answers(opportunity, value=5, size=3)
    product_owner.post(url, answers(opportunity))

    response = delivery_manager.post(url, seen)

    opportunity.refresh_from_db()
    assert response.status_code == 409
    assert (opportunity.value, opportunity.size) == (8, 2)
    assert "Product owner scored 8 ÷ 2 = 4.00" in response.text
    assert "size M" in response.text


def test_the_place_it_would_have_is_said_before_saving(product_owner, team, opportunity):
    for value in (8, 5, 2):
        ranked_opportunity(team, product_owner.user, value, 1)

    response = product_owner.get(f"/opportunities/{opportunity.reference}/score/preview/?value=3&size=1")

    assert "3 ÷ 1 = 3.00" in response.text
    assert "would be 3rd of 4" in response.text


def test_a_rescored_item_finds_its_new_place(product_owner, team):
    by = product_owner.user
    low, high = ranked_opportunity(team, by, 2, 2), ranked_opportunity(team, by, 8, 2)

    product_owner.post(f"/opportunities/{low.reference}/score/", answers(low, value=8, size=1))

    assert list(Opportunity.objects.ranked()) == [low, high]


def test_undo_puts_the_score_and_the_place_back(product_owner, team):
    by = product_owner.user
    high, low = ranked_opportunity(team, by, 8, 2), ranked_opportunity(team, by, 2, 2)
    product_owner.post(f"/opportunities/{low.reference}/score/", answers(low, value=8, size=1))
    change = team.changes.latest("pk")

    product_owner.post(f"/teams/{team.slug}/changes/{change.pk}/undo/")

    low.refresh_from_db()
    assert (low.value, low.size) == (2, 2)
    assert list(Opportunity.objects.ranked()) == [high, low]


def test_undo_is_refused_once_somebody_changed_it_again(product_owner, team, opportunity, url):
    product_owner.post(url, answers(opportunity))
    change = team.changes.latest("pk")
    opportunity.refresh_from_db()
    product_owner.post(url, answers(opportunity, value=5))

    response = product_owner.post(f"/teams/{team.slug}/changes/{change.pk}/undo/")

    opportunity.refresh_from_db()
    assert response.status_code == 409
    assert opportunity.value == 5


@pytest.mark.parametrize(("person", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_only_the_team_scores(request, person, status, opportunity, url):
    client = request.getfixturevalue(person)

    assert client.get(url).status_code == status
    assert client.post(url, answers(opportunity)).status_code == status


@pytest.mark.parametrize("must_do", ["", "safety"])
@pytest.mark.parametrize("value", scoring.VALUES)
@pytest.mark.parametrize("size", scoring.SIZES)
def test_merit_is_the_same_here_and_in_the_database(team, product_owner, value, size, must_do):
    made = ready_opportunity(
        team, product_owner.user, must_do=must_do, must_do_reason="Gas" if must_do else "", earlier_participants=7
    )
    made.set_score(value, size, by=product_owner.user)

    assert made.merit == scoring.merit(value, size, must_do=bool(must_do), evidence=7)
