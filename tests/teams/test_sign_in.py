"""Getting in with a password, and what guessing gets nobody (P10, P13, P17, P32)."""

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.db import connection
from django.test import Client

from teams.models import Attempts, OutgoingMail, Session, User
from teams.tasks import forget_old_sign_ins
from tests.factories import PASSWORD, UserFactory
from tests.people import signed_in
from tests.soak import SOAK

SIGN_IN = "/account/login/"
OFFICE = "203.0.113.7"
RIGHT, WRONG = 302, 422


@pytest.fixture
def person(db):
    return a_person()


def a_person(**about):
    user = UserFactory(password=PASSWORD, **about)
    user.confirm_email()
    return user


def sign_in(email, password, client=None, **request):
    return (client or Client()).post(SIGN_IN, {"login": email, "password": password}, **request)


def is_in(client):
    return client.get("/account/").status_code == 200


def test_the_right_password_opens_today(person):
    client = Client()

    response = sign_in(person.email.upper(), PASSWORD, client)

    assert response.url == "/"
    assert is_in(client)
    assert 'class="live"' not in client.get("/account/").text  # nothing needs to be said about it


def test_a_wrong_password_says_so_and_keeps_the_address(person):
    response = sign_in(person.email, "something else entirely")

    assert response.status_code == 422
    assert "The email address or password is not right" in response.text
    assert person.email in response.text


def test_nobody_can_sign_up(db):
    client = Client()

    assert "Accounts are by invitation" in client.get("/account/signup/").text
    client.post("/account/signup/", {"email": "me@example.org", "password1": PASSWORD})
    assert not User.objects.exists()


# P10: guessing


def test_p10a_ten_guesses_are_judged_however_many_are_made_and_from_wherever(person):
    answers = [sign_in(person.email, f"guess number {n}", REMOTE_ADDR=f"198.51.100.{n}") for n in range(12)]

    assert sum("is not right" in answer.text for answer in answers) == 10
    assert "Too many tries" in answers[-1].text
    assert sign_in(person.email, PASSWORD).status_code == WRONG


def test_p10a_an_address_without_an_account_is_counted_alike(db):
    answers = [sign_in("nobody@example.org", "guess") for n in range(11)]

    assert "Too many tries" in answers[-1].text


@pytest.mark.django_db(transaction=True)
def test_p10a_a_thousand_at_once_are_no_more_than_ten():
    with ThreadPoolExecutor(8) as at_once:
        spent = list(at_once.map(lambda _: own_connection(Attempts.spend, "somebody"), range(200)))

    assert sum(spent) == 10


@pytest.mark.django_db(transaction=True)
def test_p10b_two_hundred_right_people_of_one_office_get_in_within_a_minute(settings):
    """`make soak` hashes as production does."""
    if SOAK:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    password = make_password(PASSWORD)
    people = [UserFactory() for _ in range(200)]
    User.objects.update(password=password)
    for person in people:
        person.confirm_email()

    began = time.monotonic()
    with ThreadPoolExecutor(8) as at_once:
        answers = list(at_once.map(lambda person: sign_in_alone(person.email), people))

    assert [answer.status_code for answer in answers] == [RIGHT] * 200
    assert time.monotonic() - began < 60


def test_p10c_a_made_up_x_forwarded_for_gains_nothing(person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SIGN_INS_A_MINUTE = 3

    def knock(n):
        return sign_in(person.email, "guess", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}, {OFFICE}").status_code

    assert [knock(n) for n in range(4)] == [WRONG, WRONG, WRONG, 429]


def test_p10c_without_a_proxy_the_header_is_not_read(person, settings):
    settings.SIGN_INS_A_MINUTE = 3

    knocks = [sign_in(person.email, "guess", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(4)]

    assert knocks == [WRONG, WRONG, WRONG, 429]


def test_p10d_the_owner_gets_in_on_a_known_browser_while_somebody_keeps_failing(person):
    mine = Client()
    sign_in(person.email, PASSWORD, mine)
    mine.post("/account/logout/")
    for n in range(12):
        sign_in(person.email, f"guess {n}")

    assert sign_in(person.email, PASSWORD, mine).status_code == RIGHT


def test_p10d_a_known_browser_has_ten_tries_too_and_only_for_its_own_address(person):
    mine = Client()
    sign_in(person.email, PASSWORD, mine)
    mine.post("/account/logout/")

    mine_answers = [sign_in(person.email, "guess", mine) for n in range(11)]
    others = [sign_in(a_person().email, "guess", mine) for n in range(1)]

    assert "Too many tries" in mine_answers[-1].text
    assert "is not right" in others[-1].text
    assert sign_in(person.email, PASSWORD).status_code == RIGHT  # the bucket of unknown browsers is another


def test_tries_come_back_after_a_quarter_of_an_hour(person):
    with time_machine.travel("2026-11-23 09:00", tick=False):
        for _ in range(11):
            sign_in(person.email, "guess")
        assert sign_in(person.email, PASSWORD).status_code == WRONG
    with time_machine.travel("2026-11-23 09:16", tick=False):
        assert sign_in(person.email, PASSWORD).status_code == RIGHT


def test_right_tries_are_given_back(person):
    for _ in range(15):
        assert sign_in(person.email, PASSWORD).status_code == RIGHT


def test_what_was_typed_is_not_kept(db):
    sign_in("a.stranger@example.org", "guess")

    assert "stranger" not in str(Attempts.objects.values_list())


def test_old_tries_and_ended_sessions_are_forgotten(person):
    with time_machine.travel("2026-11-23 09:00", tick=False):
        sign_in(person.email, "guess")
        signed_in(person)
    with time_machine.travel("2026-11-24 03:20", tick=False):
        signed_in(person)
        forget_old_sign_ins()

    assert not Attempts.objects.exists()
    assert person.sessions.count() == 1


# P13: who has an account


@pytest.fixture
def hashes(monkeypatch):
    """Every time a password is hashed."""
    made = []
    encode = Argon2PasswordHasher.encode
    verify = Argon2PasswordHasher.verify
    monkeypatch.setattr(Argon2PasswordHasher, "encode", lambda *a, **k: made.append("encode") or encode(*a, **k))
    monkeypatch.setattr(Argon2PasswordHasher, "verify", lambda *a, **k: made.append("verify") or verify(*a, **k))
    return made


@pytest.mark.parametrize("kind", ["known", "no password", "closed", "unknown"])
def test_p13_a_wrong_password_looks_and_costs_the_same_for_everybody(db, hashes, kind):
    about = {"email": "somebody@example.org"}
    if kind != "unknown":
        user = UserFactory(password=None if kind == "no password" else PASSWORD, is_active=kind != "closed", **about)
        user.confirm_email()
    hashes.clear()

    response = sign_in(about["email"], "something else entirely")

    assert response.status_code == 422
    assert response.text.count("The email address or password is not right") >= 1
    assert len(hashes) == 1


def test_p13_reset_answers_the_same_and_writes_only_to_those_who_are_here(person):
    known, unknown = (
        Client().post("/account/password/reset/", {"email": email}, follow=True)
        for email in (person.email, "nobody@example.org")
    )

    assert (known.status_code, known.redirect_chain) == (unknown.status_code, unknown.redirect_chain)
    assert without_tokens(known) == without_tokens(unknown)
    assert [letter.to for letter in OutgoingMail.objects.all()] == [person.email]


# P17: sessions


def test_p17_the_session_key_changes_when_somebody_signs_in(person):
    client = Client()
    session = client.session
    session["before"] = True
    session.save()
    client.cookies["session"] = session.session_key

    sign_in(person.email, PASSWORD, client)

    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(pk=session.session_key).exists()


def test_p17_signing_out_ends_the_session_on_the_server(person):
    client = signed_in(person)
    key = client.session.session_key

    client.post("/account/logout/")

    assert not Session.objects.filter(pk=key).exists()
    thief = Client()
    thief.cookies["session"] = key
    assert not is_in(thief)


def test_p17_a_get_does_not_sign_out(person):
    client = signed_in(person)

    client.get("/account/logout/")

    assert is_in(client)


def test_p17_after_signing_out_back_asks_the_server_again(person):
    page = signed_in(person).get("/account/")

    assert "no-store" in page["Cache-Control"]


def test_p17_a_new_password_ends_all_other_sessions(person):
    here, elsewhere = signed_in(person), signed_in(person)
    sign_in(person.email, PASSWORD, here)

    response = here.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "four kettles of fish"}, follow=True
    )

    assert "Your password is changed" in response.text
    assert is_in(here)
    assert not is_in(elsewhere)
    assert person.sessions.count() == 1


def test_p4_a_closed_account_is_out_with_the_next_request(person):
    client = signed_in(person)

    User.objects.filter(pk=person.pk).update(is_active=False)

    assert not is_in(client)


def test_a_page_writes_no_session(person):
    client = signed_in(person)
    before = Session.objects.values_list().get()

    client.get("/account/")
    client.get("/account/sessions/")

    assert Session.objects.values_list().get() == before


# P32: where signing in leads

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "http:evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:\\evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://evil.example",
    "\thttps://evil.example",
    "https://testserver@evil.example/",
    "https://evil.example#testserver",
    "ftp://testserver/",
    "/%09/evil.example",
    "//testserver.evil.example/",
    "https://testserver.evil.example",
    "/\r\nLocation: https://evil.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_p32_signing_in_leads_nowhere_else(person, target):
    response = sign_in(person.email, PASSWORD, QUERY_STRING=f"next={target}")
    posted = Client().post(SIGN_IN, {"login": person.email, "password": PASSWORD, "next": target})
    out = signed_in(person).post("/account/logout/", {"next": target})

    for answer in (response, posted, out):
        assert answer.status_code == 302
        assert answer.url.startswith("/")
        assert not answer.url.startswith(("//", "/\\"))
        assert "\n" not in answer.url


def test_p32_the_name_of_another_site_is_refused_or_not_heard(person):
    page = Client().get(SIGN_IN, headers={"X-Forwarded-Host": "evil.example"})

    assert Client().get(SIGN_IN, headers={"Host": "evil.example"}).status_code == 400
    assert page.status_code == 200 and "evil.example" not in page.text


def test_signing_in_leads_back_to_the_page_that_was_asked_for(person):
    client = Client()
    asked = client.get("/account/sessions/")

    assert asked.url == f"{SIGN_IN}?next=/account/sessions/"
    assert client.post(asked.url, {"login": person.email, "password": PASSWORD}).url == "/account/sessions/"


def test_every_link_in_a_letter_begins_with_the_site_s_address(person, settings):
    settings.ALLOWED_HOSTS = ["*"]

    Client().post("/account/password/reset/", {"email": person.email}, HTTP_HOST="evil.example")

    letter = OutgoingMail.objects.get()
    assert "evil.example" not in letter.text
    assert f"{settings.SITE_URL}/account/password/reset/key/" in letter.text


def without_tokens(page):
    return re.sub(r"[A-Za-z0-9]{64}", "", page.text)


def own_connection(work, *args):
    try:
        return work(*args)
    finally:
        connection.close()


def sign_in_alone(email):
    return own_connection(lambda: sign_in(email, PASSWORD, REMOTE_ADDR=OFFICE))
