import pytest

from config.help import PAGES
from teams.permissions import Can


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
def test_anybody_may_read_the_guide(client, name):
    response = client.get(f"/help/{name}/")

    assert response.status_code == 200
    assert PAGES[name] in response.text


@pytest.mark.django_db
def test_a_page_that_is_not_there(client):
    assert client.get("/help/nonsense/").status_code == 404


@pytest.mark.django_db
def test_the_table_of_roles_is_the_one_the_doors_use(client):
    text = client.get("/help/roles/").text

    assert all(can.label.replace("'", "&#39;") in text for can in Can)
