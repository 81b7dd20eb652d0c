"""Every URL of a share link × what its reader holds, who is anonymous everywhere else (P1, P9).

The roles of url_roles.csv hold a link that nobody made.
"""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from research import playback_return
from research.models import Reviewer, ShareLink, Use
from tests.doors.addresses import METHODS, every_pattern
from tests.doors.addresses import address as address_in
from tests.doors.test_isolation import body
from tests.doors.test_roles import DECLARED, answer

pytestmark = pytest.mark.django_db

# What they hold: a link they opened; one through which they confirmed their address; and that, after it ended.
TABLE = """
                                        opened  confirmed  expired  revoked  author_left  sent_away  archived  closed
GET   p/                                   200        200      404      404          404        200       200     200
POST  p/                                   405        405      405      405          405        405       405     405
GET   p/<token>/                           302        302      404      404          404        302       302     302
POST  p/<token>/                           405        405      405      405          405        405       405     405
GET   p/confirm/                           200        302      404      404          404        200       302     302
POST  p/confirm/                           422        302      404      404          404        422       403     302
GET   p/code/                              302        302      404      404          404        302       302     302
POST  p/code/                              302        302      404      404          404        302       403     302
GET   p/items/<int:item>/answer/           405        405      405      405          405        405       405     405
POST  p/items/<int:item>/answer/           403        302      404      404          404        403       403     422
GET   p/items/<int:item>/reply/            405        405      405      405          405        405       405     405
POST  p/items/<int:item>/reply/            403        302      404      404          404        403       403     422
GET   p/again/<token>/                     404        302      404      404          404        404       404     302
POST  p/again/<token>/                     404        302      404      404          404        404       404     302
GET   p/again/<token>/code/                404        302      404      404          404        404       404     302
POST  p/again/<token>/code/                404        302      404      404          404        404       404     302
GET   p/letters/<token>/                   404        200      200      200          200        200       200     200
POST  p/letters/<token>/                   404        200      200      200          200        200       200     200
GET   p/letters/<token>/again/             405        405      405      405          405        405       405     405
POST  p/letters/<token>/again/             404        302      302      302          302        302       302     302
"""
HEAD, *LINES = [line.split() for line in TABLE.strip().splitlines()]
SAYS = {who: {(method, pattern): cells[n] for method, pattern, *cells in LINES} for n, who in enumerate(HEAD)}


@pytest.fixture
def link(worlds_apart):
    world, _, _ = worlds_apart
    link, link.token = ShareLink.objects.make(world.playback, 7, by=world.people["product_owner"])
    return link


@pytest.fixture
def guest(worlds_apart, link):
    return comes(worlds_apart[0], link, "confirmed")[0]


def comes(world, link, who):
    """A browser in which the link was opened, and the reviewer whose address was confirmed in it."""
    client = Client()
    client.raise_request_exception = False
    client.get(f"/p/{link.token}/")
    if who == "opened":
        return client, None
    reviewer = Reviewer.objects.let_in(link, "jo@repairs.gov.uk")
    link.uses.create(what=Use.CONFIRMED, reviewer=reviewer)
    reviewer.responses.answer(reviewer, world.item, "agree")
    by = world.people["product_owner"]
    world.playback.replies.create(reviewer=reviewer, item=world.item, author=by, author_name=by.name, text="Thank you")
    session = client.session
    session["playback_reviewer"] = [link.pk, reviewer.pk]
    session.save()
    return client, reviewer


def end(world, link, reviewer, who):
    now, by = timezone.now(), world.people["product_owner"]
    if who == "expired":
        ShareLink.objects.filter(pk=link.pk).update(created_at=now - dt.timedelta(8), expires_at=now)
    elif who == "revoked":
        link.revoke(by=by)
    elif who == "author_left":
        by.memberships.update(left_at=now)
    elif who == "sent_away":
        reviewer.remove()
    elif who == "archived":
        type(world.team).objects.filter(pk=world.team.pk).update(archived_at=now)
    elif who == "closed":
        type(world.playback).objects.filter(pk=world.playback.pk).update(state="closed", closed_at=now, closed_by=by)


def address(pattern, world, token, reviewer):
    """With the reader's own tokens in it: of the link, of the way back, and of the way out of its letters."""
    own = {"p/again": playback_return.BACK, "p/letters": playback_return.OUT}
    signer = next((one for start, one in own.items() if pattern.startswith(start)), None)
    if signer:
        token = signer.sign_object(reviewer.pk) if reviewer else "open-sesame"
    return "/" + pattern.replace("<token>", token).replace("<int:item>", str(world.item.pk))


@pytest.mark.parametrize("who", HEAD)
def test_each_gets_what_the_table_says(worlds_apart, link, who):
    world, _, _ = worlds_apart
    client, reviewer = comes(world, link, who)
    end(world, link, reviewer, who)
    sent = b"answer=agree&text=Thank+you"

    got = {
        (method, pattern): str(
            answer(client, method, address(pattern, world, link.token, reviewer), body=sent).status_code
        )
        for method, pattern in SAYS[who]
    }

    assert got == SAYS[who]


def test_it_opens_no_other_address(worlds_apart, guest):
    """Neither to read nor to write: they are answered as whoever is not signed in."""
    mine, _, clients = worlds_apart
    for pattern, method in ((pattern, method) for pattern, _ in every_pattern() for method in METHODS):
        if pattern.startswith("p/"):
            continue
        got = answer(guest, method, where := address_in(pattern, mine))

        assert (pattern, method, str(got.status_code)) == (pattern, method, DECLARED[pattern, method]["anonymous"])
        if got.status_code == 302 and not got["Location"].startswith("/account/login/"):
            assert got["Location"] == answer(clients["anonymous"], method, where)["Location"]


def test_the_table_leaves_out_no_page_of_a_guest():
    pages = {pattern for pattern, _ in every_pattern() if pattern.startswith("p/")}

    assert {(method, pattern) for pattern in pages for method in ("GET", "POST")} == set(SAYS["opened"])


@pytest.mark.parametrize("sent", [b"answer=%00", b"answer=yes", b"answer=agree&value=1e400", b"comment=" + b"x" * 5000])
def test_nonsense_is_explained_and_changes_nothing(worlds_apart, guest, sent):
    mine, _, _ = worlds_apart
    before = mine.playback.responses.count()

    response = answer(guest, "POST", f"/p/items/{mine.item.pk}/answer/", body=sent, undo=False)

    assert response.status_code in (400, 422) and mine.playback.responses.count() == before


@pytest.mark.parametrize("item", ["9223372036854775808", "0", "9" * 400, "theirs"])
def test_an_item_of_elsewhere_or_nowhere_is_not_found(worlds_apart, guest, item):
    _, theirs, _ = worlds_apart
    number = theirs.item.pk if item == "theirs" else item

    response = answer(guest, "POST", f"/p/items/{number}/answer/", body=b"answer=agree")

    assert response.status_code == 404 and b"ZZCANARY" not in body(response)
