"""What happened at the door of an account can be read by those whom it concerns (P34)."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from teams.models import Change
from teams.security_log import KIND
from teams.tasks import forget_old_sign_ins
from tests.factories import PASSWORD, MembershipFactory

CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"}


@pytest.fixture
def person(team):
    user = MembershipFactory(team=team, user__name="Imani Adeyemi").user
    user.set_password(PASSWORD)
    user.save()
    user.confirm_email()
    return user


def try_to_sign_in(email, password=PASSWORD):
    client = Client()
    client.post("/account/login/", {"login": email, "password": password}, headers=CHROME)
    return client


def lines(**about):
    return list(Change.objects.filter(kind=KIND, **about).order_by("pk").values_list("who_name", "words"))


def test_p34_a_sign_in_and_a_failed_one_can_be_read_by_their_person(person):
    try_to_sign_in(person.email, "something else")
    client = try_to_sign_in(person.email)

    page = client.get("/account/sessions/").text

    assert page.index("<b>Imani Adeyemi</b> signed in with Chrome on Windows") < page.index(
        "<b>Throughline</b> turned away a sign-in: the password was not right"
    )
    assert "something else" not in page


def test_p34_an_account_that_is_shut_is_said_once_and_to_administrators(person, administrator, team):
    for _ in range(13):
        try_to_sign_in(person.email, "something else")

    assert len(lines(programme=None)) == 11
    assert len(lines(programme=team.programme)) == 1
    page = administrator.get(f"/programmes/{team.programme.slug}/history/").text
    assert "shut out sign-ins to the account for 15 minutes: too many tries (Imani Adeyemi)" in page
    assert person.email not in page


def test_an_address_without_an_account_leaves_nothing(db):
    try_to_sign_in("nobody@a.example")

    assert lines() == []


def test_nobody_reads_the_sign_ins_of_others(person, member):
    try_to_sign_in(person.email)

    assert "signed in with" not in member.get("/account/sessions/").text
    assert "signed in with" not in member.get("/teams/housing/history/").text


def test_they_are_forgotten_after_a_year(person):
    try_to_sign_in(person.email)

    with time_machine.travel(timezone.now() + dt.timedelta(days=366)):
        forget_old_sign_ins()

    assert lines() == []
