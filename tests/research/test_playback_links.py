"""Share links (P9): one page, until it is revoked; read only before an address is confirmed."""

import datetime as dt
import re
import threading

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from research.models import Answer, Response, ShareLink, ShareLinkUse, Use
from research.views import playback_guests
from tests.factories import drafted_playback, shared_playback

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


@pytest.fixture
def link(shared, product_owner):
    link, link.token = ShareLink.objects.make(shared, 7, by=product_owner.user)
    return link


@pytest.fixture
def reader(db):
    return Client()


def through(reader, token):
    return reader.get(f"/p/{token}/", follow=True)


def test_it_reads_the_page_without_the_token_in_the_address(reader, shared, link):
    response = through(reader, link.token)

    assert response.redirect_chain == [("/p/", 302)]
    assert shared.title in response.text and link.token not in response.text
    assert response["Referrer-Policy"] == "same-origin" and "noindex" in response.text


def test_it_shows_no_answers_and_asks_for_none(reader, shared, link):
    Response.objects.answer(shared.reviewers.get(), shared.items.first(), Answer.QUESTION, "ZZASKED")

    page = through(reader, link.token).text

    assert "ZZASKED" not in page and str(shared.reviewers.get()) not in page and "Save answer" not in page


def test_only_a_hash_of_the_token_is_kept(link):
    assert link.token not in str(ShareLink.objects.values().get())


def test_looking_ahead_counts_as_no_use(reader, link):
    assert reader.head(f"/p/{link.token}/").status_code == 302
    assert not link.uses.exists() and reader.get("/p/").status_code == 404


def test_every_use_is_counted_for_the_team_in_one_row_an_hour(reader, shared, link, product_owner):
    hour = timezone.now().replace(minute=0)
    for minutes in (0, 1, 59, 60):
        with time_machine.travel(hour + dt.timedelta(minutes=minutes), tick=False):
            through(reader, link.token)

    page = product_owner.get(f"{shared.get_absolute_url()}links/").text

    assert "Read 4 times" in page and "Read, 3 times in an hour" in page
    assert [use.times for use in link.uses.order_by("hour")] == [3, 1]


@pytest.mark.django_db(transaction=True)
def test_reads_at_once_are_all_counted(link):
    ready = threading.Barrier(4)

    def read():
        ready.wait()
        ShareLinkUse.objects.note(link, Use.READ)
        connection.close()

    workers = [threading.Thread(target=read) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert link.uses.get().times == 4


def plain(response):
    """Without the token that differs in every answer."""
    return re.sub(r'(X-CSRFToken": ")\w+', "", response.text)


def gone_by_time(link):
    return time_machine.travel(timezone.now() + dt.timedelta(8), tick=False)


def test_revoked_run_out_and_unknown_look_the_same_at_once(reader, shared, link, product_owner):
    through(reader, link.token)
    unknown = reader.get("/p/open-sesame/")
    with gone_by_time(link):
        run_out = Client().get(f"/p/{link.token}/")
    product_owner.post(f"{shared.get_absolute_url()}links/{link.pk}/revoke/")
    revoked = reader.get(f"/p/{link.token}/")

    assert unknown.status_code == run_out.status_code == revoked.status_code == 404
    assert plain(unknown) == plain(run_out) == plain(revoked)
    assert "Ask whoever sent it to you for another" in plain(revoked) and "your teams" not in plain(revoked)
    assert reader.get("/p/").status_code == 404


@pytest.mark.parametrize("state", ["draft", "team"])
def test_nothing_else_can_be_read_through_a_link(team, product_owner, state):
    by = product_owner.user
    playback = drafted_playback(team, by) if state == "draft" else shared_playback(team, by, audience="team")

    response = product_owner.post(f"{playback.get_absolute_url()}links/", {"days": 7})

    assert response.status_code == 422 and not ShareLink.objects.exists()


def test_guessing_is_slowed_down(reader, link):
    for _ in range(30):
        reader.get("/p/open-sesame/")

    assert reader.get(f"/p/{link.token}/").status_code == 429


def test_one_address_does_not_begin_sessions_without_end(link, monkeypatch):
    monkeypatch.setattr(playback_guests, "OPENED_A_MINUTE", 2)

    assert [Client().get(f"/p/{link.token}/").status_code for _ in range(3)] == [302, 302, 429]
