"""One button for each demo person, and only in demo mode."""

import importlib

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import settings as settings_file
from tests.factories import MembershipFactory, ProgrammeFactory, TeamFactory, UserFactory


@pytest.fixture
def people(db):
    housing = TeamFactory(name="Housing", programme=ProgrammeFactory(organisation="Ambleford City Council"))
    driver = TeamFactory(name="Driver records", programme=ProgrammeFactory(organisation="National Licensing Agency"))
    return [
        MembershipFactory(team=housing, role="product_owner", user__name="Imani Adeyemi").user,
        MembershipFactory(team=driver, role="member", user__name="Anders Lind").user,
    ]


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_the_sign_in_page_offers_each_person_by_organisation_with_role_and_team(client, people, demo):
    page = client.get("/account/login/").text

    assert page.index("Ambleford City Council") < page.index("Imani Adeyemi") < page.index("Product owner, Housing")
    assert page.index("National Licensing Agency") < page.index("Anders Lind")


def test_one_button_signs_in(client, people, demo):
    response = client.post(f"/account/login/as/{people[0].pk}/")

    assert response.url == "/"
    assert "Imani Adeyemi" in client.get("/account/").text


@pytest.mark.parametrize(("next", "leads"), [("/account/", "/account/"), ("https://evil.example/", "/")])
def test_p32_a_button_leads_to_the_page_that_was_asked_for_and_nowhere_else(client, people, demo, next, leads):
    assert client.post(f"/account/login/as/{people[0].pk}/", {"next": next}).url == leads


def test_another_button_changes_who_one_is(client, people, demo):
    client.post(f"/account/login/as/{people[0].pk}/")
    client.post(f"/account/login/as/{people[1].pk}/")

    assert "Anders Lind" in client.get("/account/").text


def test_outside_demo_mode_there_is_no_button_and_no_way(client, people):
    assert "Imani Adeyemi" not in client.get("/account/login/").text
    assert client.post(f"/account/login/as/{people[0].pk}/").status_code == 404
    assert client.get("/account/").status_code == 302


def test_a_closed_account_and_nobody_are_not_offered(client, people, demo):
    closed = UserFactory(is_active=False)

    assert closed.name not in client.get("/account/login/").text
    assert client.post(f"/account/login/as/{closed.pk}/").status_code == 404
    assert client.post("/account/login/as/0/").status_code == 404


def test_a_get_signs_nobody_in(client, people, demo):
    assert client.get(f"/account/login/as/{people[0].pk}/").status_code == 405


def test_the_list_costs_the_same_for_more_people(client, people, demo, django_assert_max_num_queries):
    MembershipFactory.create_batch(20)

    with django_assert_max_num_queries(6):
        client.get("/account/login/")


def test_demo_mode_is_refused_on_anything_but_loopback(monkeypatch):
    monkeypatch.setenv("DEMO", "on")
    monkeypatch.setenv("SITE_URL", "https://throughline.example")
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    with pytest.raises(ImproperlyConfigured, match="loopback"):
        importlib.reload(settings_file)
    monkeypatch.undo()
    importlib.reload(settings_file)
