"""P21: two people edit one opportunity; what each changed stays, and only what both changed is asked about."""

import re

import pytest

from tests.factories import make_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity(team, product_owner):
    return make_opportunity(
        team, product_owner.user, title="Old title", recommendation="Old advice", description="Old words"
    )


@pytest.fixture
def opened(member, opportunity):
    """The form as it was before the other one saved."""
    page = member.get(f"{opportunity.get_absolute_url()}edit/").text
    return {
        "title": opportunity.title,
        "recommendation": opportunity.recommendation,
        "description": opportunity.description,
        "earlier_participants": "0",
        "must_do": "",
    } | hidden_in(page)


def hidden_in(page):
    return {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("version", "as_read")}


def fields_of(page):
    title = re.search(r'name="title" value="([^"]*)"', page)[1]
    description = re.search(r'<textarea name="description"[^>]*>\s*([^<]*)<', page)[1]
    return title, description, re.findall(r"Saved now</p><p>(.*?)</p>", page)


def test_what_each_of_them_changed_stays(member, product_owner, opportunity, opened):
    opportunity.edit(by=product_owner.user, title="Their title")

    response = member.post(f"{opportunity.get_absolute_url()}edit/", opened | {"description": "My words"})

    assert response.status_code == 409 and fields_of(response.text) == ("Their title", "My words", [])
    assert "You changed different things" in response.text and "Taken over from what is saved: Title." in response.text


def test_what_both_changed_is_asked_about(member, product_owner, opportunity, opened):
    opportunity.edit(by=product_owner.user, title="Their title", description="Their words")

    response = member.post(f"{opportunity.get_absolute_url()}edit/", opened | {"description": "My words"})

    assert fields_of(response.text) == ("Their title", "My words", ["Their words"])


def test_a_third_who_saves_meanwhile_is_told_apart_again(member, product_owner, opportunity, opened):
    where = f"{opportunity.get_absolute_url()}edit/"
    opportunity.edit(by=product_owner.user, title="Their title")
    page = member.post(where, opened | {"description": "My words"}).text
    opportunity.edit(by=product_owner.user, title="Their second title")

    mine = {"title": "Their title", "description": "My words"}
    response = member.post(where, opened | mine | hidden_in(page))

    assert response.status_code == 409 and fields_of(response.text) == ("Their second title", "My words", [])


@pytest.mark.parametrize("read", ["", "title", "title:0", "a:b:c  :", "title:" + "0" * 5000])
def test_without_knowing_what_was_read_nothing_is_taken_over(member, product_owner, opportunity, opened, read):
    opportunity.edit(by=product_owner.user, title="Their title")

    response = member.post(f"{opportunity.get_absolute_url()}edit/", opened | {"as_read": read})

    assert response.status_code == 409 and fields_of(response.text) == ("Old title", "Old words", ["Their title"])
