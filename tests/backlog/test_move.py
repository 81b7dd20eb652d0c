import pytest

from backlog.models import Opportunity, Order
from teams.permissions import Role
from tests.factories import MembershipFactory, TeamFactory, ranked_opportunity, ready_opportunity


@pytest.fixture
def five(team, product_owner):
    return [ranked_opportunity(team, product_owner.user, value, 1) for value in (8, 5, 3, 2, 1)]


def order():
    return list(Opportunity.objects.ranked())


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ({"to": "top"}, "cabde"),
        ({"to": "bottom"}, "abdec"),
        ({"to": "up"}, "acbde"),
        ({"to": "down"}, "abdce"),
        ({"to": "place", "place": 1}, "cabde"),
        ({"to": "place", "place": 4}, "abdce"),
        ({"to": "place", "place": 99}, "abdec"),
        ({"to": "before", "other": "FIRST"}, "cabde"),
        ({"to": "after", "other": "FIRST"}, "acbde"),
    ],
)
def test_the_ways_to_move(product_owner, five, to, expected):
    if to.get("other"):
        to["other"] = five[0].reference.lower()

    product_owner.post(f"/opportunities/{five[2].reference}/move/", to)

    assert order() == ["abcde".index(letter) and five["abcde".index(letter)] or five[0] for letter in expected]


@pytest.mark.parametrize(("which", "to"), [(0, "up"), (0, "top"), (4, "down"), (4, "bottom")])
def test_what_is_at_the_end_stays_there(product_owner, five, which, to):
    product_owner.post(f"/opportunities/{five[which].reference}/move/", {"to": to})

    assert order() == five


def test_the_answer_to_htmx_is_small_and_says_where(product_owner, five, htmx):
    response = product_owner.post(f"/opportunities/{five[3].reference}/move/", {"to": "top"}, **htmx)

    assert f'data-before="opportunity-{five[0].pk}"' in response.text
    assert "Now 1st, was 4th" in response.text
    assert len(response.content) < 5_000


def test_a_moved_item_says_how_far_from_its_score(product_owner, team, five):
    product_owner.post(f"/opportunities/{five[4].reference}/move/", {"to": "top"})

    assert "moved up 4 from score order" in product_owner.get(f"/teams/{team.slug}/opportunities/").text


def test_a_move_is_undone(product_owner, team, five):
    product_owner.post(f"/opportunities/{five[4].reference}/move/", {"to": "top"})
    change = team.changes.latest("pk")

    product_owner.post(f"/teams/{team.slug}/changes/{change.pk}/undo/")

    assert order() == five
    assert not Opportunity.objects.filter(moved=True).exists()


def test_a_move_writes_two_rows_of_the_order_and_one_of_history(product_owner, five, at_most):
    with at_most(11):
        product_owner.post(f"/opportunities/{five[4].reference}/move/", {"to": "top"})


@pytest.mark.parametrize(
    "wrong", [{}, {"to": "sideways"}, {"to": "place"}, {"to": "place", "place": "-1"}, {"to": "before", "other": "X-1"}]
)
def test_a_move_to_nowhere_is_explained(product_owner, five, wrong):
    response = product_owner.post(f"/opportunities/{five[2].reference}/move/", wrong)

    assert response.status_code == 422
    assert "There is a problem" in response.text
    assert order() == five


def test_what_is_not_in_the_backlog_has_no_place(product_owner, team):
    ready = ready_opportunity(team, product_owner.user)

    response = product_owner.post(f"/opportunities/{ready.reference}/move/", {"to": "top"})

    assert response.status_code == 422


def test_another_teams_items_keep_their_places(product_owner, team, five):
    other = TeamFactory(programme=team.programme)
    MembershipFactory(team=other, user=product_owner.user, role=Role.PRODUCT_OWNER)
    theirs = ranked_opportunity(other, product_owner.user, 4 + 1, 1)

    product_owner.post(f"/opportunities/{five[1].reference}/move/", {"to": "down"})

    assert [one for one in order() if one.team_id == other.pk] == [theirs]
    assert [one for one in order() if one.team_id == team.pk] == [five[n] for n in (0, 2, 1, 3, 4)]


@pytest.mark.parametrize(
    ("person", "status"),
    [("member", 403), ("delivery_manager", 403), ("researcher", 403), ("service_lead", 403), ("outsider", 404)],
)
def test_only_the_product_owner_orders(request, person, status, five):
    response = request.getfixturevalue(person).post(f"/opportunities/{five[2].reference}/move/", {"to": "top"})

    assert response.status_code == status
    assert order() == five


def test_sorting_by_score_is_shown_then_done_then_undone(product_owner, team, five):
    product_owner.post(f"/opportunities/{five[4].reference}/move/", {"to": "top"})
    moved = order()
    url = f"/teams/{team.slug}/opportunities/sort/"

    preview = product_owner.get(url)
    unchanged = order()
    product_owner.post(url)
    sorted_ = order()
    product_owner.post(f"/teams/{team.slug}/changes/{team.changes.latest('pk').pk}/undo/")

    assert "5th" in preview.text
    assert (unchanged, sorted_, order()) == (moved, five, moved)


def test_several_move_together_in_their_sequence(product_owner, team, five):
    picked = {"act": "top", "go": "yes", "pick": [five[3].reference, five[1].reference]}

    product_owner.post(f"/teams/{team.slug}/opportunities/bulk/", picked)

    assert order() == [five[n] for n in (1, 3, 0, 2, 4)]


def test_the_version_of_the_order_counts_the_moves(product_owner, team, five):
    before = Order.objects.get(programme=team.programme).version
    for _ in range(3):
        product_owner.post(f"/opportunities/{five[4].reference}/move/", {"to": "top"})

    assert Order.objects.get(programme=team.programme).version == before + 3
