import pytest
from django.urls import reverse

from backlog.models import Link
from tests.factories import make_opportunity

pytestmark = pytest.mark.django_db


@pytest.fixture
def opportunity(team, member):
    return make_opportunity(team, member.user)


def test_a_link_stands_on_its_opportunity_and_in_the_history(member, opportunity):
    add = reverse("backlog:link", args=[opportunity.reference])

    response = member.post(add, {"title": "Rota", "address": "https://rota.example/"})

    page = member.get(opportunity.get_absolute_url()).text
    assert response.url == f"{opportunity.get_absolute_url()}#links"
    assert '<a href="https://rota.example/" rel="noopener noreferrer">Rota</a>' in page
    assert "added the link “Rota”" in page


def test_a_link_to_nowhere_is_refused_and_keeps_what_was_typed(member, opportunity):
    add = reverse("backlog:link", args=[opportunity.reference])

    response = member.post(add, {"title": "Rota", "address": "javascript:alert(1)"})

    assert response.status_code == 422 and not opportunity.links.exists()
    assert "Enter an address that begins with https://" in response.text and 'value="Rota"' in response.text


def test_a_link_goes_from_its_own_opportunity_only(team, member, opportunity):
    link = Link.objects.put_on(opportunity, "Rota", "https://rota.example/", by=member.user)
    other = make_opportunity(team, member.user)

    astray = member.post(reverse("backlog:unlink", args=[other.reference, link.pk]))
    member.post(reverse("backlog:unlink", args=[opportunity.reference, link.pk]))

    assert astray.status_code == 404
    assert not opportunity.links.exists()
    assert "removed the link “Rota”" in member.get(opportunity.get_absolute_url()).text
