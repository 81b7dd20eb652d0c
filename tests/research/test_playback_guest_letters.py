"""Whoever came through a share link talks with the team, and hears by letter: with a way back that opens nothing by
itself, and a way out (P9)."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from research import playback_letters
from research.models import Reply, Response, Reviewer, ShareLink, ShareLinkUse
from research.tasks import remind_reviewers
from teams.models.mail import OutgoingMail
from tests.factories import service_lead_of, shared_playback
from tests.research.test_playback_guests import ADDRESS, answer, asked, coming, replied

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


@pytest.fixture
def link(shared, product_owner):
    link, link.token = ShareLink.objects.make(shared, 30, by=product_owner.user)
    return link


@pytest.fixture
def guest(link):
    """In the browser in which they confirmed their address."""
    reader = coming(link.token)
    reader.post("/p/code/", {"code": asked(reader)})
    return reader


@pytest.fixture
def asked_them(guest, shared, member):
    """An item on which the team has replied to them."""
    item = shared.current_items().first()
    answer(guest, item, "question", "Since when?")
    replied(member, shared, item)
    return item


def say(reader, item, text="Thank you", **more):
    return reader.post(f"/p/items/{item.pk}/reply/", {"text": text}, **more)


def close(shared, product_owner):
    product_owner.post(
        f"{shared.get_absolute_url()}close/", {f"item-{one.pk}-result": "agreed" for one in shared.items.all()}
    )


def letter(kind):
    return OutgoingMail.objects.get(kind=kind, to=ADDRESS)


def path_in(letter, way):
    return re.search(rf"https?://[^/]+(/p/{way}/\S+)", letter.text)[1]


@pytest.fixture
def told(asked_them):
    return letter("comment answer")


def test_they_reply_to_what_the_team_replied(guest, asked_them, shared, product_owner):
    response = say(guest, asked_them)

    made = Reply.objects.get(author=None)
    assert response["Location"] == f"/p/#reply-{made.pk}"
    assert "Thank you" in guest.get("/p/").text
    assert ADDRESS in (page := product_owner.get(shared.get_absolute_url()).text) and "Thank you" in page
    assert ShareLinkUse.objects.filter(what="replied", reviewer__email=ADDRESS).exists()


def test_with_scripts_only_the_item_comes_back(guest, asked_them, htmx):
    swap = say(guest, asked_them, **htmx)

    assert "<html" not in swap.text and "Thank you" in swap.text and "/teams/" not in swap.text


def test_sent_twice_it_is_said_once(guest, asked_them):
    for _ in range(2):
        say(guest, asked_them)

    assert Reply.objects.filter(author=None).count() == 1


@pytest.mark.parametrize("text", ["", "x" * 1001, "Ring Mrs Hallowby on 01632 960123"])
def test_what_cannot_be_sent_is_explained_and_kept(guest, asked_them, text):
    response = say(guest, asked_them, text)

    assert response.status_code == 422 and text in response.text and not Reply.objects.filter(author=None).exists()


def test_nobody_talks_before_the_team_does(guest, shared):
    first, second, _ = shared.current_items()
    answer(guest, first, "question", "Since when?")

    assert say(guest, first).status_code == 422
    assert say(guest, second).status_code == 404
    assert not Reply.objects.exists()


def test_nobody_talks_unconfirmed_or_to_somebody_else(link, asked_them):
    other = coming(link.token)
    assert say(other, asked_them).status_code == 403

    other.post("/p/code/", {"code": asked(other, "other@repairs.gov.uk")})
    assert say(other, asked_them).status_code == 404


def test_a_reader_does_not_flood_the_team(guest, asked_them):
    answers = [say(guest, asked_them, f"More {n}").status_code for n in range(31)]

    assert answers == [302] * 30 + [429]


def test_they_are_reminded_until_they_have_answered(shared, guest):
    morning = dt.datetime.combine(shared.reply_by, dt.time(7), tzinfo=dt.UTC)
    for days in range(-6, 9):
        with time_machine.travel(morning + dt.timedelta(days), tick=False):
            remind_reviewers()
            if days == 0:
                for item in shared.items.all():
                    Response.objects.answer(shared.reviewers.get(user=None), item, "agree")

    assert "You have answered 0 of 3 items" in letter("playback reminder").text


def test_a_letter_leads_back_and_tells_no_address_of_the_team(told, link):
    assert path_in(told, "again") and path_in(told, "letters") in told.headers["List-Unsubscribe"]
    assert "/teams/" not in told.text and link.token not in told.text and link.token_hash not in told.text


def test_the_way_back_opens_nothing_but_sends_a_code_to_the_same_mailbox(told, shared):
    stranger, way = Client(), path_in(told, "again")

    page = stranger.get(way).text
    response = stranger.post(way, follow=True).text

    for words in (shared.title, ADDRESS, str(shared.team), "Since"):
        assert words not in page and words not in response
    assert stranger.get("/p/").status_code == 404
    assert OutgoingMail.objects.filter(kind="playback code").latest("pk").to == ADDRESS


def back(told, browser):
    way = path_in(told, "again")
    browser.post(way)
    code = re.search(r"\d{4} \d{4}", OutgoingMail.objects.filter(kind="playback code").latest("pk").text)[0]
    return browser.post(f"{way}code/", {"code": code}, follow=True)


def test_with_the_code_they_are_back_in_another_browser(told, asked_them):
    browser = Client()

    page = back(told, browser)

    assert page.redirect_chain[-1][0] == "/p/" and "Since when?" in page.text and "Since April" in page.text
    assert say(browser, asked_them).status_code == 302


def test_after_it_closed_they_see_what_they_said_and_what_became_of_it(asked_them, shared, product_owner):
    close(shared, product_owner)

    page = back(letter("playback closed"), Client()).text

    assert "Since when?" in page and "<b>Agreed.</b>" in page


@pytest.mark.parametrize("end", ["domain", "forged", "unknown"])
def test_a_way_back_that_leads_nowhere_looks_like_one_that_never_was(told, end):
    way = path_in(told, "again")
    if end == "domain":
        ShareLink.objects.update(domains=["nhs.uk"])
    else:
        way = "/p/again/open-sesame/" if end == "unknown" else path_in(told, "letters").replace("letters", "again")

    for path in (way, f"{way}code/"):
        assert Client().get(path).status_code == 404 and Client().post(path).status_code == 404
    assert OutgoingMail.objects.filter(kind="playback code").count() == 1


def test_a_mailbox_is_not_flooded_through_a_letter(told):
    way = path_in(told, "again")

    answers = [Client().post(way).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


def test_a_wrong_code_opens_nothing(told):
    browser, way = Client(), path_in(told, "again")
    browser.post(way)

    assert browser.post(f"{way}code/", {"code": "0000 0000"}).status_code == 422
    assert browser.get("/p/").status_code == 404


def test_who_stops_the_letters_gets_none_and_can_have_them_again(told, guest, asked_them, shared, member):
    way = path_in(told, "letters")
    assert Client().get(way).status_code == 200 and not Reviewer.objects.exclude(letters_off_at=None).exists()

    page = Client(enforce_csrf_checks=True).post(way)
    replied(member, shared, asked_them)
    assert "You get no more letters" in page.text and OutgoingMail.objects.filter(kind="comment answer").count() == 1
    told.refresh_from_db()
    assert told.state == "cancelled"  # it had not left yet

    Client().post(f"{way}again/")
    replied(member, shared, asked_them)
    assert OutgoingMail.objects.filter(kind="comment answer").count() == 2


def test_the_team_sees_who_stopped_them(told, shared, product_owner):
    Client().post(path_in(told, "letters"))

    assert "Stopped their letters" in product_owner.get(f"{shared.get_absolute_url()}links/").text


@pytest.mark.parametrize("end", ["revoked", "sent away"])
def test_nobody_writes_to_whom_no_letter_leads_anywhere(guest, shared, link, product_owner, end):
    if end == "revoked":
        link.revoke(by=product_owner.user)
    else:
        shared.stop_asking(shared.reviewers.get(user=None), by=product_owner.user)

    close(shared, product_owner)

    assert not OutgoingMail.objects.filter(kind="playback closed", to=ADDRESS).exists()
    assert OutgoingMail.objects.filter(kind="playback closed").count() == 1


def test_letters_to_many_are_written_in_one_statement(team, product_owner, at_most):
    leads = [service_lead_of(team) for _ in range(20)]
    shared = shared_playback(team, product_owner.user, reviewers=leads)

    with at_most(4):
        playback_letters.closed(shared, by=product_owner.user)

    assert OutgoingMail.objects.filter(kind="playback closed").count() == 20
