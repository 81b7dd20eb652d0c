"""A list's filters and sort, kept by one person under a name."""

import pytest

from tests.factories import ready_opportunity

LIST = "/teams/housing/opportunities/"


@pytest.fixture
def kept(product_owner, team):
    ready_opportunity(team, product_owner.user)
    return product_owner.post(f"{LIST}views/", {"name": "To score", "query": "scored=no"}, follow=True).text


def test_a_kept_view_is_said_and_stands_among_the_tabs(kept):
    assert "Kept the view “To score”" in kept
    assert f'<a href="{LIST}?scored=no" aria-current="page">To score</a>' in kept


def test_a_kept_view_is_not_offered_to_be_kept_again_but_can_be_removed(kept, product_owner):
    forget = kept.split(f'action="{LIST}views/')[1].split('"')[0]
    assert "Name of this view" not in kept

    answer = product_owner.post(f"{LIST}views/{forget}", follow=True).text

    assert "Removed the view “To score”" in answer and ">To score</a>" not in answer
    assert product_owner.user.saved_views.count() == 0


def test_another_s_view_is_not_shown(kept, member):
    page = member.get(f"{LIST}?scored=no").text

    assert "To score" not in page and "Name of this view" in page
