"""Each button of a playback, clicked twice: done once, and the second click is answered like the first (P23)."""

import re

import pytest

from research.models import Part, Playback, ShareLink
from teams.models.mail import OutgoingMail
from tests.factories import ranked_opportunity, service_lead_of
from tests.teams.test_clicked_twice import clicked_twice

pytestmark = pytest.mark.django_db


def at(playback, path):
    return f"{playback.get_absolute_url()}{path}"


def test_shared_once(product_owner, draft):
    assert clicked_twice(product_owner, at(draft, "share/"), read="on") == 1
    assert Playback.objects.get().edition == 1


def test_whoever_is_asked_has_one_letter(product_owner, shared, team):
    another = service_lead_of(team)

    assert clicked_twice(product_owner, at(shared, "reviewers/"), people=another.pk) == 1


def test_whoever_is_no_longer_asked_is_not_looked_for(product_owner, shared):
    address = at(shared, f"reviewers/{shared.reviewers.get().pk}/remove/")

    assert clicked_twice(product_owner, address) == 0 and not shared.reviewers.current().exists()


def test_closed_once(product_owner, shared):
    outcomes = {f"item-{one.pk}-result": "agreed" for one in shared.items.all()}

    assert clicked_twice(product_owner, at(shared, "close/"), **outcomes) == 1
    assert OutgoingMail.objects.get().kind == "playback closed"


def test_put_in_and_taken_out_once(product_owner, draft, team):
    item, picked = draft.items.first(), ranked_opportunity(team, product_owner.user)

    clicked_twice(product_owner, at(draft, "pick/opportunities/"), pick=picked.pk)
    clicked_twice(product_owner, at(draft, f"items/{item.pk}/remove/"))
    clicked_twice(product_owner, at(draft, "write/made/"), headline="The guide")

    assert draft.items.filter(opportunity=picked).count() == draft.items.filter(part=Part.OUTPUT).count() == 1
    assert not draft.items.filter(pk=item.pk).exists()


def sealed(client, shared):
    return re.search(r'name="sealed" value="([^"]+)"', client.get(at(shared, "links/")).text)[1]


def made(client, shared, sealed):
    page = client.post(at(shared, "links/"), {"days": 7, "sealed": sealed}).text
    return re.search(r'id="address" value="[^"]+(/p/[^"]+/)"', page)[1]


def test_one_link_is_made_and_the_second_click_shows_its_address(product_owner, shared, client):
    form = sealed(product_owner, shared)

    assert made(product_owner, shared, form) == (address := made(product_owner, shared, form))
    assert ShareLink.objects.count() == 1 and client.get(address).status_code == 302
    assert made(product_owner, shared, sealed(product_owner, shared)) != address


def test_nobody_chooses_the_token_of_a_link(product_owner, researcher, shared):
    theirs = sealed(researcher, shared)

    for given in ["", "guess-me", "guess-me:" + theirs.rpartition(":")[2], theirs]:
        address = made(product_owner, shared, given)
        assert "guess-me" not in address and (not given or theirs.partition(":")[0] not in address)
    assert ShareLink.objects.count() == 4
