"""A second factor cannot be skipped, reused or guessed (P12)."""

import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import call_command
from django.test import Client

from teams import second_factor
from teams.adapter import SecondFactorAdapter
from teams.models import OutgoingMail
from tests.doors.addresses import every_pattern
from tests.factories import PASSWORD, UserFactory
from tests.people import signed_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOW = "2026-11-23 09:00:15"


@pytest.fixture(autouse=True)
def clock():
    """It stands still: a code counts for half a minute, which may end between its making and its sending."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def person(db):
    user = UserFactory(password=PASSWORD)
    user.confirm_email()
    return user


@pytest.fixture
def protected(person):
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": SecondFactorAdapter().encrypt(SECRET)}
    )
    return person


def code(steps=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + steps))


def half_way_in(person):
    client = Client()
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    assert response.url == "/account/2fa/authenticate/"
    return client


def prove(client, answer):
    return client.post("/account/2fa/authenticate/", {"code": answer})


def test_the_code_of_now_opens_today(protected):
    client = half_way_in(protected)

    assert prove(client, code()).url == "/"
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_leaves_a_line_for_its_person(protected):
    client = half_way_in(protected)
    prove(client, "000000")
    prove(client, code())

    page = client.get("/account/sessions/").text

    assert "turned away a sign-in: the code of the second factor was not right" in page


def test_whoever_has_no_key_is_not_asked_for_one(protected):
    page = half_way_in(protected).get("/account/2fa/authenticate/").text

    assert "authenticator app" in page and "security key" not in page


def test_p12_half_way_in_nothing_opens(protected):
    client = half_way_in(protected)

    for path in plain_paths():
        if client.get(path).status_code == 200:
            assert Client().get(path).status_code == 200, f"{path} opens half way in and not for everybody"


@pytest.mark.parametrize("steps", [-1, 1, 2])
def test_p12_only_the_code_of_this_half_minute_counts(protected, steps):
    assert prove(half_way_in(protected), code(steps)).status_code == 422


def test_p12_a_code_works_once(protected):
    assert prove(half_way_in(protected), code()).status_code == 302
    assert prove(half_way_in(protected), code()).status_code == 422


def test_p12_five_guesses_in_five_minutes(protected):
    client = half_way_in(protected)
    for n in range(5):
        assert "That code is not right" in prove(client, f"00000{n}").text
    assert "Too many tries" in prove(client, code()).text


def test_p12_resetting_the_password_does_not_drop_it(protected):
    client = Client()
    client.post("/account/password/reset/", {"email": protected.email})
    link = next(line for line in OutgoingMail.objects.get().text.splitlines() if "/reset/key/" in line)
    form = client.get(link.partition("8000")[2], follow=True)

    response = client.post(form.redirect_chain[-1][0], {"password1": "nine loud kettles"})

    assert response.url == "/account/2fa/authenticate/"
    assert client.get("/account/").status_code == 302


def test_p12_a_recovery_code_works_once_and_the_codes_are_shown_once(person):
    client = set_up(person)
    shown = client.get("/account/2fa/codes/")
    codes = [line.split("<")[0] for line in shown.text.split("<code>")[1:]]

    assert len(codes) == 10
    assert codes[0] not in client.get("/account/2fa/codes/").text
    assert prove(half_way_in(person), codes[0]).status_code == 302
    assert prove(half_way_in(person), codes[0]).status_code == 422


def set_up(person):
    """Through the pages, as a person does it."""
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    page = client.get("/account/2fa/app/")
    secret = page.text.partition('class="secret">')[2].partition("<")[0]
    now = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/account/2fa/app/", {"code": now}).url == "/account/2fa/codes/"
    return client


def test_setting_one_up_ends_other_sessions_and_writes_a_letter(person, django_capture_on_commit_callbacks):
    elsewhere = signed_in(person)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(person)

    assert elsewhere.get("/account/").status_code == 302
    assert OutgoingMail.objects.get().subject == "An authenticator app was added to your account"


def test_its_secret_does_not_lie_readable_in_the_database(person):
    set_up(person)

    secret = Authenticator.objects.get(type="totp").data["secret"]
    assert len(secret) > 64
    assert not TOTP(Authenticator.objects.get(type="totp")).validate_code("000000")


def test_a_new_secret_key_shuts_nobody_out(protected, settings):
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key that is long enough" * 2
    settings.SECRET_KEY_FALLBACKS = [old]
    call_command("prepare")
    settings.SECRET_KEY_FALLBACKS = []

    assert prove(half_way_in(protected), code()).status_code == 302


def test_a_code_that_is_used_meanwhile_stays_used(person, monkeypatch):
    set_up(person)
    codes, box = Authenticator.objects.filter(type="recovery_codes"), second_factor.secret_box()

    class Slow:
        def rotate(self, closed):
            codes.update(data=codes.get().data | {"used_mask": 4})
            return box.rotate(closed)

    monkeypatch.setattr(second_factor, "secret_box", Slow)
    second_factor.close_secrets_anew()

    assert codes.get().data["used_mask"] == 4


def test_sensitive_pages_ask_again_when_signing_in_was_a_while_ago(protected):
    with time_machine.travel("2026-11-23 09:00", tick=False):
        client = half_way_in(protected)
        prove(client, code())
        assert client.get("/account/2fa/app/remove/").status_code == 200
    with time_machine.travel("2026-11-23 09:06", tick=False):
        assert client.get("/account/2fa/app/remove/").url.startswith("/account/reauthenticate/")


# The switch


@pytest.fixture
def required(settings):
    settings.REQUIRE_SECOND_FACTOR = True


def test_p12_with_the_switch_every_page_leads_to_setting_one_up(person, required):
    client = signed_in(person)

    closed = {view for _, view in every_pattern() if is_closed(view)}
    for path, view in plain_paths().items():
        if view in closed:
            assert client.get(path).url == "/account/2fa/", path
    assert len(closed) > 10


def test_p12_the_switch_holds_for_fragments_and_writes(person, required, htmx):
    client = signed_in(person)

    assert client.get("/account/", **htmx)["HX-Redirect"] == "/account/2fa/"
    assert client.post("/account/name/", {"name": "Another"}).url == "/account/2fa/"
    person.refresh_from_db()
    assert person.name != "Another"


def test_the_way_to_one_stays_open(person, required):
    client = Client()
    client.post("/account/login/", {"login": person.email, "password": PASSWORD})

    assert "Everybody here uses one" in client.get("/account/2fa/").text
    assert client.get("/account/2fa/app/").status_code == 200
    assert client.get("/account/2fa/keys/add/").status_code == 200


def test_with_one_every_page_opens(protected, required):
    assert signed_in(protected).get("/account/").status_code == 200


def test_the_last_one_cannot_be_removed_while_it_is_required(protected, required):
    client = signed_in(protected)
    session = client.session
    session["signed_in_at"] = time.time()
    session.save()

    response = client.post("/account/2fa/app/remove/")

    assert "Add another one before you remove this" in response.text
    assert protected.second_factors().exists()


def plain_paths():
    """Every address without a variable part."""
    return {f"/{path}": view for path, view in every_pattern() if "<" not in path and "(" not in path}


def is_closed(view):
    return getattr(view, "login_required", True) and not getattr(view, "without_second_factor", False)
