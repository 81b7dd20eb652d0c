"""Whoever came through a share link, and confirmed an address, is anonymous everywhere but on its page (P9)."""

import pytest
from django.test import Client

from research.models import Reviewer, ShareLink
from tests.doors.addresses import METHODS, address, every_pattern
from tests.doors.test_isolation import body
from tests.doors.test_roles import answer

pytestmark = pytest.mark.django_db
ITS_OWN = ["p/", "p/confirm/", "p/code/", "p/items/<int:item>/answer/", "p/items/<int:item>/reply/"]


@pytest.fixture
def guest(worlds_apart):
    mine, _, _ = worlds_apart
    link, token = ShareLink.objects.make(mine.playback, 7, by=mine.people["product_owner"])
    client = Client()
    client.raise_request_exception = False
    client.get(f"/p/{token}/")
    reviewer = Reviewer.objects.let_in(link, "jo@repairs.gov.uk")
    session = client.session
    session["playback_reviewer"] = [link.pk, reviewer.pk]
    session.save()
    return client


def test_it_opens_no_other_address(worlds_apart, guest):
    mine, _, clients = worlds_apart
    others = [pattern for pattern, _ in every_pattern() if pattern not in ITS_OWN]
    for pattern in others:
        for method in METHODS:
            where = address(pattern, mine)
            got, anonymous = answer(guest, method, where), answer(clients["anonymous"], method, where)

            assert (pattern, got.status_code) == (pattern, anonymous.status_code)
            assert got.get("Location") == anonymous.get("Location")


def test_it_opens_its_own_page_and_takes_an_answer(worlds_apart, guest):
    mine, theirs, _ = worlds_apart

    assert answer(guest, "GET", "/p/").status_code == 200
    assert answer(guest, "POST", f"/p/items/{mine.item.pk}/answer/", body=b"answer=agree").status_code == 302
    assert answer(guest, "POST", f"/p/items/{theirs.item.pk}/answer/", body=b"answer=agree").status_code == 404


@pytest.mark.parametrize("sent", [b"answer=%00", b"answer=yes", b"answer=agree&value=1e400", b"comment=" + b"x" * 5000])
def test_nonsense_is_explained_and_changes_nothing(worlds_apart, guest, sent):
    mine, _, _ = worlds_apart
    before = mine.playback.responses.count()

    response = answer(guest, "POST", f"/p/items/{mine.item.pk}/answer/", body=sent, undo=False)

    assert response.status_code in (400, 422) and mine.playback.responses.count() == before


@pytest.mark.parametrize("item", ["9223372036854775808", "0", "9" * 400])
def test_an_item_that_is_none_is_not_found(guest, item):
    response = answer(guest, "POST", f"/p/items/{item}/answer/", body=b"answer=agree")

    assert response.status_code == 404 and b"ZZCANARY" not in body(response)
