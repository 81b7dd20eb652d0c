import pytest

from tests.factories import make_opportunity


@pytest.fixture
def boilers(team, product_owner):
    return make_opportunity(
        team, product_owner.user, title="Boilers fail in the first week", description="No hot water"
    )


def test_words_are_found_in_any_form(product_owner, boilers):
    assert boilers.title in product_owner.get("/search/?q=boiler+failing").text


def test_a_reference_leads_straight_to_its_page(product_owner, boilers):
    response = product_owner.get(f"/search/?q={boilers.reference.lower()}")

    assert response["Location"] == boilers.get_absolute_url()


def test_the_search_box_shows_a_reference_of_the_team(product_owner, team):
    team.prefix = "DRV"
    team.save()

    assert "Search or DRV-17" in product_owner.get("/teams/housing/opportunities/").text
    assert "Search or a reference" in product_owner.get("/").text


@pytest.mark.parametrize("person", ["outsider", "service_lead", "administrator"])
def test_nobody_finds_what_they_may_not_see(request, person, boilers):
    client = request.getfixturevalue(person)

    assert boilers.title not in client.get("/search/?q=boiler").text
    assert client.get(f"/search/?q={boilers.reference}").status_code == 200


@pytest.mark.parametrize("odd", ["%22", "((", "-", "'%20OR%201=1", "&&&", "a" * 1000, "<script>", ":*"])
def test_odd_text_is_only_text(product_owner, boilers, odd):
    response = product_owner.get(f"/search/?q={odd}")

    assert response.status_code == 200
    assert "<script>" not in response.text.split("<main")[1]


def test_the_list_finds_the_same(product_owner, team, boilers):
    make_opportunity(team, product_owner.user, title="Letters arrive late")

    text = product_owner.get(f"/teams/{team.slug}/opportunities/?q=hot+water").text

    assert boilers.reference in text
    assert "Letters arrive late" not in text
