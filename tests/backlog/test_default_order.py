from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backlog import scoring
from backlog.fractional import DIGITS, between, spread
from backlog.models import Opportunity, Order
from tests.factories import ranked_opportunity

value, size = st.sampled_from([*scoring.VALUES]), st.sampled_from([*scoring.SIZES])


@pytest.mark.django_db
def test_the_exact_score_decides_and_not_the_rounded_one(team, product_owner):
    by = product_owner.user
    low = ranked_opportunity(team, by, 1, 8)
    high = ranked_opportunity(team, by, 8, 1)
    must = ranked_opportunity(team, by, 1, 8, must_do="safety", must_do_reason="Gas")
    fewer_people = ranked_opportunity(team, by, 8, 3, earlier_participants=2)
    more_people = ranked_opportunity(team, by, 8, 3, earlier_participants=11)

    ranked = list(Opportunity.objects.ranked())

    assert ranked == [must, high, more_people, fewer_people, low]
    assert ranked == list(Opportunity.objects.in_score_order())


@pytest.mark.django_db
def test_a_new_item_enters_at_its_score_position_among_those_nobody_moved(team, product_owner):
    by = product_owner.user
    first, second, third = (ranked_opportunity(team, by, value, 1) for value in (8, 5, 2))
    Order.locked(team.programme_id).move([third], before=first, by=by)

    newcomer = ranked_opportunity(team, by, 3, 1)

    assert list(Opportunity.objects.ranked()) == [third, first, second, newcomer]


@pytest.mark.django_db
def test_sorting_by_score_forgets_the_moves(team, product_owner):
    by = product_owner.user
    items = [ranked_opportunity(team, by, value, 1) for value in (8, 5, 2)]
    order = Order.locked(team.programme_id)
    order.move([items[2]], before=items[0], by=by)

    order.sort_by_score(team, by=by)

    assert list(Opportunity.objects.ranked()) == items
    assert not Opportunity.objects.filter(moved=True).exists()


@given(st.lists(st.integers(0, 30), max_size=60))
def test_there_is_always_a_key_between_two_others(places):
    keys = spread(3)
    for place in places:
        at = place % (len(keys) + 1)
        keys.insert(at, between(keys[at - 1] if at else None, keys[at] if at < len(keys) else None))

    assert all(low < high for low, high in pairwise(keys))
    assert not any(key.endswith(DIGITS[0]) for key in keys)


@given(value, size)
def test_score_is_value_divided_by_size_half_up(value, size):
    assert abs(float(scoring.score(value, size)) - value / size) <= 0.005001


@pytest.mark.parametrize(
    ("value", "size", "score", "quadrant"),
    [
        (8, 3, "2.67", "quick-win"),
        (1, 8, "0.13", "reconsider"),
        (5, 5, "1.00", "big-bet"),
        (3, 3, "1.00", "fill-in"),
        (8, 1, "8.00", "quick-win"),
    ],
)
def test_scores_of_the_domain(value, size, score, quadrant):
    assert str(scoring.score(value, size)) == score
    assert scoring.quadrant(value, size).key == quadrant


def test_unknown_is_never_nought():
    assert scoring.score(None, 3) is None
    assert scoring.quadrant(8, None) is None
