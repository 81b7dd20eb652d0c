"""Getting in, and setting up a second factor, as a person does it: scripts on and off, axe on every page."""

import os
import re
import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import call_command
from playwright.sync_api import expect

from teams.models import Invitation, OutgoingMail
from teams.permissions import Role
from tests.factories import PASSWORD, MembershipFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS")  # a folder to keep pictures of the pages in


@pytest.fixture
def page(browser, live_server, scripts):
    """Nobody's page yet. The test fails on a console error, a report of the policy, or an answer not asked for."""
    call_command("createcachetable", verbosity=0)
    trouble = []
    context = browser.new_context(
        base_url=live_server.url, java_script_enabled=scripts, viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    page.on("console", lambda said: trouble.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: trouble.append(asked.url) if "csp-report" in asked.url else None)
    page.on("response", lambda said: trouble.append(f"{said.status} {said.url}") if said.status >= 400 else None)
    yield page
    context.close()
    assert not [line for line in trouble if "422" not in line]


@pytest.fixture
def looks_right(axe, scripts):
    def check(page, name):
        axe(page)
        page.set_viewport_size({"width": 320, "height": 800})
        axe(page)
        if SHOTS and scripts:
            page.screenshot(path=Path(SHOTS) / f"{name}-320.png", full_page=True)
            page.set_viewport_size({"width": 1280, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}-1280.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})

    return check


@pytest.fixture
def person():
    user = MembershipFactory(user__name="Imani Adeyemi", user__email="imani@ambleford.example").user
    user.set_password(PASSWORD)
    user.save()
    user.confirm_email()
    return user


def sign_in(page, path="/account/"):
    page.goto(path)
    page.get_by_label("Email address").fill("imani@ambleford.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_mistake_at_sign_in_is_said_and_the_page_asked_for_comes_after(page, person, looks_right):
    page.goto("/account/sessions/")
    looks_right(page, "sign-in")
    page.get_by_label("Email address").fill(person.email)
    page.get_by_label("Password").fill("something else entirely")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("alert")).to_contain_text("The email address or password is not right")
    looks_right(page, "sign-in-mistake")
    expect(page.get_by_label("Email address")).to_have_value(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Where you are signed in")
    looks_right(page, "sessions")


def test_an_authenticator_app_is_set_up_and_asked_for(page, person, looks_right):
    sign_in(page)
    looks_right(page, "account")
    page.get_by_role("link", name="Change your second factor").click()
    looks_right(page, "second-factor")
    page.get_by_role("link", name="Set up an app").click()
    looks_right(page, "app")
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Set up the app").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    looks_right(page, "recovery-codes")
    a_recovery_code = page.locator(".codes code").first.inner_text()
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Prove that it is you")
    looks_right(page, "prove")
    page.get_by_label("Code").fill(a_recovery_code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_a_security_key_is_set_up_and_signs_in(page, person, scripts, looks_right):
    if not scripts:
        sign_in(page, "/account/2fa/keys/add/")
        expect(page.get_by_text("Security keys need JavaScript")).to_be_visible()
        return
    plug_in_a_key(page)
    sign_in(page, "/account/2fa/keys/add/")
    looks_right(page, "add-key")
    page.get_by_label("Name of the key").fill("Blue key")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1

    page.goto("/account/2fa/keys/")
    expect(page.get_by_text("Blue key").first).to_be_visible()
    looks_right(page, "keys")
    page.goto("/account/")
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.get_by_role("button", name="Use your security key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_the_letter_of_an_invitation_leads_to_a_page_that_says_who_asks(page, looks_right):
    team = TeamFactory(name="Housing")
    Invitation.objects.invite(
        team.programme,
        by=UserFactory(name="Imani Adeyemi"),
        name="Tomos",
        email="t@a.example",
        role=Role.MEMBER,
        team=team,
    )
    page.goto(re.search(r"/invitations/[^/]+/", OutgoingMail.objects.get().text)[0])

    expect(page.get_by_text("Imani Adeyemi invited you to Housing")).to_be_visible()
    looks_right(page, "invitation")
    page.get_by_label("Choose a password").fill("short")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("too short")


def test_the_first_start_and_the_pages_beside_the_door(page, looks_right):
    page.goto("/setup/")
    looks_right(page, "setup")
    page.goto("/account/password/reset/")
    looks_right(page, "reset")


def test_days_away_by_keyboard(page, person, scripts, looks_right):
    sign_in(page, "/account/absences/")
    page.get_by_label("First day away").fill("2030-12-21")
    page.get_by_label("Last day away").fill("2030-12-01")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("same as or after the first day")
    looks_right(page, "absences-mistake")


def test_demo_people_are_one_button_each(page, person, settings, looks_right):
    settings.DEMO = True
    MembershipFactory.create_batch(5)
    page.goto("/account/login/?next=/account/")
    looks_right(page, "demo-people")

    page.get_by_role("button", name="Imani Adeyemi").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")
    expect(page.get_by_role("link", name="Imani Adeyemi")).to_be_visible()


def code_of(secret):
    """One that counts for as long as it takes to send it: those of the last seconds of a half minute may be too old."""
    left = 30 - time.time() % 30
    time.sleep(left if left < 5 else 0)
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def plug_in_a_key(page):
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": False}
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": {**key, "automaticPresenceSimulation": True}})
