"""Answering through a share link: a code by e-mail, then the items of this playback and nothing else (P9)."""

import datetime as dt
import re
import threading
import uuid
from copy import copy

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from research.models import Answer, Passcode, Response, Reviewer, ShareLink, ShareLinkUse
from research.tasks import keep_promises
from research.views import playback_guests
from teams.models.mail import OutgoingMail
from tests.factories import shared_playback

pytestmark = pytest.mark.django_db
ADDRESS = "jo.sample@repairs.gov.uk"


@pytest.fixture
def shared(team, product_owner):
    return shared_playback(team, product_owner.user)


@pytest.fixture
def make_link(shared, product_owner):
    def make(*domains):
        return ShareLink.objects.make(shared, 7, by=product_owner.user, domains=domains)

    return make


def coming(token):
    reader = Client()
    reader.get(f"/p/{token}/")
    return reader


@pytest.fixture
def reader(make_link):
    return coming(make_link()[1])


def asked(reader, email=ADDRESS):
    """Ask for a code; returns it as the letter says it."""
    reader.post("/p/confirm/", {"email": email})
    letter = OutgoingMail.objects.filter(kind="playback code", to=email).latest("pk")
    return re.search(r"\d{4} \d{4}", letter.text)[0]


@pytest.fixture
def confirmed(reader):
    reader.post("/p/code/", {"code": asked(reader)})
    return reader


def answer(reader, item, kind="agree", comment="", **more):
    return reader.post(f"/p/items/{item.pk}/answer/", {"answer": kind, "comment": comment}, **more)


def replied(member, shared, item):
    """By the team, to the one who came through a link."""
    mine = shared.reviewers.get(user=None)
    return member.post(f"{shared.get_absolute_url()}items/{item.pk}/reply/{mine.pk}/", {"text": "Since April"})


def wrong(code):
    return f"{(int(code.replace(' ', '')) + 1) % 10**8:08}"


def test_somebody_answers_once_their_address_is_confirmed(confirmed, shared):
    page = answer(confirmed, shared.items.first(), "question", "Since when?", follow=True).text

    assert "1 of 3 answered" in page and "Since when?" in page and f"You answer as <b>{ADDRESS}</b>" in page
    assert str(Response.objects.get().reviewer) == ADDRESS


def test_with_scripts_only_the_item_comes_back(confirmed, shared, htmx):
    swap = answer(confirmed, shared.items.first(), **htmx)

    assert "<html" not in swap.text and "1 of 3 answered" in swap.text and "/teams/" not in swap.text


def test_nobody_answers_before(reader, shared):
    assert answer(reader, shared.items.first()).status_code == 403
    assert not Response.objects.exists()


def test_a_question_needs_words(confirmed, shared):
    response = answer(confirmed, shared.items.first(), "question")

    assert response.status_code == 422 and "Say what you want to know" in response.text
    assert not ShareLinkUse.objects.filter(what="answered").exists()


@pytest.mark.parametrize(
    ("email", "may"),
    [
        ("jo@gov.uk", True),
        ("jo@repairs.gov.uk", True),
        ("JO@NHS.UK", True),
        ("jo@evilgov.uk", False),
        ("jo@gov.uk.example", False),
        ('"jo@gov.uk"@evil.example', False),
    ],
)
def test_only_the_named_domains_answer(make_link, email, may):
    response = coming(make_link("gov.uk", "nhs.uk")[1]).post("/p/confirm/", {"email": email})

    assert response.status_code == (302 if may else 422)
    assert OutgoingMail.objects.filter(kind="playback code").exists() == may


def test_the_letter_tells_nothing_and_its_code_is_kept_as_a_hash(reader, shared):
    code = asked(reader)
    letter = OutgoingMail.objects.get(kind="playback code")

    assert letter.secret and shared.title not in letter.subject + letter.text and str(shared.team) not in letter.text
    assert code.replace(" ", "") not in str(Passcode.objects.values().get())


def test_the_code_is_good_in_the_browser_that_asked_for_it(make_link):
    _, token = make_link()
    one, other = coming(token), coming(token)
    code = asked(one)
    asked(other, "other@repairs.gov.uk")

    assert other.post("/p/code/", {"code": code}).status_code == 422
    assert not Reviewer.objects.filter(user=None).exists()


def test_a_code_runs_out(reader):
    code = asked(reader)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16), tick=False):
        assert reader.post("/p/code/", {"code": code}).status_code == 422


def test_after_five_wrong_ones_the_right_one_is_refused(reader):
    code = asked(reader)
    for _ in range(5):
        assert reader.post("/p/code/", {"code": wrong(code)}).status_code == 422

    assert reader.post("/p/code/", {"code": code}).status_code == 422
    assert Passcode.objects.get().tries == 5


def test_a_mailbox_is_not_flooded(reader):
    for _ in range(5):
        asked(reader)

    for email in (ADDRESS, ADDRESS.replace("@", "+once.more@")):
        assert reader.post("/p/confirm/", {"email": email}).status_code == 429
    assert OutgoingMail.objects.filter(kind="playback code").count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_code_sent_twice_at_once_counts_once(shared, make_link):
    passcode, code = Passcode.objects.make(make_link()[0], ADDRESS)
    ready, got = threading.Barrier(4), []

    def enter():
        ready.wait()
        got.append(Passcode.objects.get(pk=passcode.pk).enter(code))
        connection.close()

    workers = [threading.Thread(target=enter) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()

    assert [str(one) for one in got] == [ADDRESS] * 4 and Reviewer.objects.filter(user=None).count() == 1


def clicking_twice(reader, path, data):
    """The answer to the second click, which the browser sends with the cookies it had at the first."""
    first = Client()
    first.cookies = copy(reader.cookies)
    assert first.post(path, data).status_code == 302
    return reader.post(path, data, follow=True)


def test_a_second_click_lets_in_though_the_answer_to_the_first_was_lost(make_link):
    reader = coming(make_link("repairs.gov.uk")[1])

    page = clicking_twice(reader, "/p/code/", {"code": asked(reader)})

    assert page.redirect_chain == [("/p/", 302)] and f"You answer as <b>{ADDRESS}</b>" in page.text
    assert Reviewer.objects.filter(user=None).count() == 1


def test_the_old_key_lets_nobody_in_for_longer_than_a_moment(make_link):
    reader = coming(make_link()[1])
    code, known = asked(reader), Client()
    known.cookies = copy(reader.cookies)
    reader.post("/p/code/", {"code": code})

    assert known.post("/p/code/", {"code": wrong(code)}).status_code == 422
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61), tick=False):
        assert known.post("/p/code/", {"code": code}).status_code == 404
        assert Passcode.objects.get().enter(code) is None


def test_asked_for_twice_with_one_form_the_code_of_the_one_letter_counts(make_link):
    reader = coming(make_link()[1])
    form = {"email": ADDRESS, "key": uuid.uuid4()}

    clicking_twice(reader, "/p/confirm/", form)

    letter = OutgoingMail.objects.get(kind="playback code")
    page = reader.post("/p/code/", {"code": re.search(r"\d{4} \d{4}", letter.text)[0]}, follow=True)
    assert "You answer as" in page.text and ShareLinkUse.objects.get(what="asked").times == 1


def test_whoever_comes_back_to_the_form_gets_another_letter(reader):
    form = {"email": ADDRESS, "key": uuid.uuid4()}
    reader.post("/p/confirm/", form)

    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61), tick=False):
        reader.post("/p/confirm/", form)

    assert OutgoingMail.objects.filter(kind="playback code").count() == 2


def test_what_was_confirmed_holds_for_its_link_only(confirmed, make_link, shared):
    _, token = make_link()
    confirmed.get(f"/p/{token}/")

    assert answer(confirmed, shared.items.first()).status_code == 403


def test_they_see_their_own_answers_and_what_the_team_says_to_them(confirmed, shared, member):
    first, second, _ = shared.current_items()
    answer(confirmed, first, "question", "Since when?")
    Response.objects.answer(shared.reviewers.exclude(user=None).get(), second, Answer.QUESTION, "ZZOTHER")
    replied(member, shared, first)

    page = confirmed.get("/p/").text

    assert "Since April" in page and "ZZOTHER" not in page and page.count("Your reply") == 1
    assert OutgoingMail.objects.get(kind="comment answer").to == ADDRESS


def test_the_others_and_the_team_see_who_answered(confirmed, shared, product_owner):
    answer(confirmed, shared.items.first(), "question", "Since when?")

    page = product_owner.get(shared.get_absolute_url()).text

    assert f"{ADDRESS} (through a link) asks: “Since when?”" in page


def test_whoever_knew_the_session_before_does_not_answer_for_them(reader, shared):
    known = Client()
    known.cookies = copy(reader.cookies)

    reader.post("/p/code/", {"code": asked(reader)})

    assert known.cookies["session"].value != reader.cookies["session"].value
    assert "Save answer" not in known.get("/p/").text and answer(known, shared.items.first()).status_code == 403
    assert answer(reader, shared.items.first()).status_code == 302


def test_who_is_signed_in_beside_stays_so_under_the_new_key_alone(make_link, member):
    member.get(f"/p/{make_link()[1]}/")
    known = Client()
    known.cookies = copy(member.cookies)

    member.post("/p/code/", {"code": asked(member)})

    assert member.get("/account/").status_code == 200 and known.get("/account/").status_code == 302
    assert member.user.sessions.count() == 1


@pytest.mark.parametrize("domains", [["nhs.uk"], ["other.repairs.gov.uk"]])
def test_whose_domain_is_taken_off_the_link_reads_on_and_answers_no_more(confirmed, shared, domains):
    ShareLink.objects.update(domains=domains)

    assert answer(confirmed, shared.items.first()).status_code == 403
    assert "You answer as" not in confirmed.get("/p/").text


def test_a_code_does_not_outlive_the_domain_it_was_sent_to(reader):
    code = asked(reader)
    ShareLink.objects.update(domains=["nhs.uk"])

    response = reader.post("/p/code/", {"code": code})

    assert response.status_code == 422 and "no longer takes answers from your address" in response.text
    assert not Reviewer.objects.filter(user=None).exists()


def test_one_link_lets_an_audience_in_and_not_a_crowd(confirmed, make_link, monkeypatch):
    link = ShareLink.objects.get()
    monkeypatch.setattr("research.models.share_link.MOST_GUESTS", 1)

    assert Reviewer.objects.let_in(link, ADDRESS) and Reviewer.objects.let_in(make_link()[0], "new@repairs.gov.uk")
    with pytest.raises(ValidationError, match="no more people"):
        Reviewer.objects.let_in(link, "other@repairs.gov.uk")


def test_a_reader_does_not_change_their_mind_without_end(confirmed, shared, monkeypatch):
    monkeypatch.setattr(playback_guests, "ANSWERS", 2)
    item = shared.items.first()

    assert [answer(confirmed, item, "question", f"Why {n}?").status_code for n in range(3)] == [302, 302, 429]
    assert ShareLinkUse.objects.get(what="answered").times == 2


def test_who_was_sent_away_cannot_confirm_again(confirmed, shared, product_owner):
    shared.stop_asking(shared.reviewers.get(user=None), by=product_owner.user)

    response = confirmed.post("/p/code/", {"code": asked(confirmed)})

    assert response.status_code == 422 and "no longer asks you" in response.text


def test_the_team_sees_every_use(confirmed, shared, product_owner):
    confirmed.get("/p/")
    answer(confirmed, shared.items.first())

    page = product_owner.get(f"{shared.get_absolute_url()}links/").text

    for words in ["Read", "Asked for a code", "Confirmed their address", "Answered", ADDRESS]:
        assert words in page


@pytest.mark.parametrize("domains", ["gov", "ambleford", "a..uk", "@", "ambleford.gov.uk, ok.uk; no spaces!"])
def test_what_is_no_domain_is_asked_for_again(product_owner, shared, domains):
    response = product_owner.post(f"{shared.get_absolute_url()}links/", {"days": 7, "domains": domains})

    assert response.status_code == 422 and "is no domain" in response.text


def test_old_codes_are_forgotten(reader):
    asked(reader)

    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        keep_promises()

    assert not Passcode.objects.exists()
