"""Following the letter of an invitation."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from teams.models import Invitation, OutgoingMail, User
from teams.permissions import Role
from tests.factories import PASSWORD, UserFactory
from tests.people import signed_in

NEW = {"name": "Tomos Vaughan", "password": "a kettle of herons"}


@pytest.fixture
def invitation(team):
    return Invitation.objects.invite(
        team.programme,
        by=UserFactory(name="Imani Adeyemi"),
        name="Tomos",
        email="tomos@ambleford.example",
        role=Role.MEMBER,
        team=team,
    )


def link():
    return re.search(r"/invitations/[^/]+/", OutgoingMail.objects.latest("pk").text)[0]


def test_the_secret_leaves_the_address_and_opening_changes_nothing(invitation, client):
    response = client.get(link())

    assert response.url == "/invitations/"
    page = client.get("/invitations/")
    assert "Imani Adeyemi invited you to <b>Housing</b>" in page.text
    assert link() not in page.text
    invitation.refresh_from_db()
    assert invitation.accepted_at is None


def test_a_newcomer_chooses_name_and_password_and_is_in(invitation, team, client):
    client.get(link())

    response = client.post("/invitations/", NEW)

    assert response.url == "/"
    assert client.get("/account/").status_code == 200
    assert User.objects.get(email=invitation.email).memberships.get().team == team
    assert Client().get(link()).status_code == 404


def test_a_weak_password_is_said_beside_the_field_and_makes_no_account(invitation, client):
    client.get(link())

    page = client.post("/invitations/", {"name": "Tomos Vaughan", "password": "housing-2026"})

    assert page.status_code == 422
    assert "name of your organisation" in page.text
    assert 'value="Tomos Vaughan"' in page.text
    assert not User.objects.filter(email=invitation.email).exists()


def test_whoever_has_an_account_signs_in_first_and_comes_back(invitation, client):
    user = UserFactory(email=invitation.email, password=PASSWORD)
    user.confirm_email()
    client.get(link())
    assert "/account/login/?next=/invitations/" in client.get("/invitations/").text

    response = client.post("/account/login/?next=/invitations/", {"login": user.email, "password": PASSWORD})
    assert response.url == "/invitations/"
    assert client.post("/invitations/").url == "/"
    assert user.memberships.get().team == invitation.team


def test_a_post_without_being_signed_in_makes_no_second_account(invitation, client):
    UserFactory(email=invitation.email)
    client.get(link())

    client.post("/invitations/", NEW)

    assert User.objects.filter(email=invitation.email).count() == 1
    assert not invitation.team.memberships.exists()


def test_somebody_else_is_told_whom_it_is_for(invitation):
    other = signed_in(UserFactory())
    other.get(link())

    page = other.post("/invitations/")

    assert page.status_code == 422
    assert "This invitation is for tomos@ambleford.example" in page.text
    assert not other.user.memberships.exists()


def test_unknown_expired_revoked_and_accepted_look_the_same(invitation, client):
    good = link()
    unknown = client.get("/invitations/nothing/")
    Invitation.objects.update(expires_at=timezone.now())
    expired = client.get(good)
    Invitation.objects.update(expires_at=timezone.now().replace(year=2100), revoked_at=timezone.now())
    revoked = client.get(good)
    Invitation.objects.update(revoked_at=None, accepted_at=timezone.now())
    accepted = client.get(good)

    pages = {without_tokens(page) for page in (unknown, expired, revoked, accepted)}
    assert len(pages) == 1
    assert unknown.status_code == accepted.status_code == 404


def test_an_invitation_taken_back_while_the_page_is_open_is_not_accepted(invitation, client):
    client.get(link())
    invitation.revoke(by=invitation.invited_by)

    assert client.post("/invitations/", NEW).status_code == 404
    assert not User.objects.filter(email=invitation.email).exists()


def without_tokens(page):
    return re.sub(r"[A-Za-z0-9]{64}", "", page.text)
