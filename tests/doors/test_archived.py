"""An archived team can be read, and nothing in it changed: every page of it, asked by those who might otherwise."""

import pytest
from django.db import transaction

from teams.models import Programme, Team
from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer

pytestmark = pytest.mark.django_db
IN_A_TEAM = [pattern for pattern, _ in every_pattern() if "<team>" in pattern or "<reference>" in pattern]
OWN = {"teams/<team>/opportunities/views/", "teams/<team>/opportunities/views/<int:pk>/forget/"}  # a person's filters
REFUSED = {403, 404, 405}


@pytest.fixture
def archived(worlds_apart):
    """The team, put away for one test; the world stays as it was for the next."""
    mine, _, clients = worlds_apart
    with transaction.atomic():
        Team.objects.filter(pk=mine.team.pk).update(archived_at="2026-11-01T09:00Z")
        yield mine, clients
        transaction.set_rollback(True)


@pytest.mark.parametrize("pattern", [one for one in IN_A_TEAM if one not in OWN])
def test_nobody_in_the_team_changes_anything(archived, pattern):
    world, clients = archived
    where = address(pattern, world)

    for role in ("product_owner", "delivery_manager", "member", "lead_invited"):
        assert answer(clients[role], "POST", where).status_code in REFUSED, role


@pytest.mark.parametrize("pattern", ["teams/<team>/opportunities/add/", "teams/<team>/reviews/<int:review>/start/"])
def test_it_is_said_why_and_what_to_do(archived, pattern):
    world, clients = archived

    page = answer(clients["product_owner"], "POST", address(pattern, world)).content.decode()

    assert f"{world.team} is archived: it can be read" in page
    assert "An administrator can restore it" in page


@pytest.mark.parametrize(
    "pattern", ["teams/<team>/opportunities/", "opportunities/<reference>/", "teams/<team>/reviews/"]
)
def test_it_can_be_read_and_offers_nothing_that_would_be_refused(archived, pattern):
    world, clients = archived

    response = answer(clients["product_owner"], "GET", address(pattern, world))

    assert response.status_code == 200
    page = response.content.decode()
    assert not any(f'/{one}/"' in page for one in ("add", "edit", "outcome", "move", "sort", "new", "import", "start"))


def test_the_teams_of_an_archived_programme_are_only_read_too(worlds_apart):
    world, _, clients = worlds_apart
    Programme.objects.filter(pk=world.programme.pk).update(archived_at="2026-11-01T09:00Z")

    refused = answer(clients["product_owner"], "POST", address("teams/<team>/opportunities/add/", world))

    assert refused.status_code == 403
    assert f"{world.programme} is archived: it can be read".replace("'", "&#39;") in refused.text
    assert answer(clients["product_owner"], "GET", address("teams/<team>/opportunities/", world)).status_code == 200


def test_an_administrator_restores_it(archived):
    world, clients = archived
    where = address("teams/<team>/archive/", world)

    assert answer(clients["product_owner"], "POST", where).status_code == 403
    clients["administrator"].post(where, {"restore": "yes"})

    assert Team.objects.in_use().filter(pk=world.team.pk).exists()
