"""Asking people in, by letter (the verbs; the pages are in test_invitation_pages.py)."""

import datetime as dt
import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from teams.models import Change, Invitation, OutgoingMail, User
from teams.permissions import Role
from tests.factories import MembershipFactory, ServiceFactory, UserFactory

PASSWORD = "a kettle of herons"


@pytest.fixture
def by(db):
    return UserFactory(name="Imani Adeyemi")


@pytest.fixture
def invitation(team, by):
    return invite(team, by)


def invite(where, by, **other):
    about = {"name": "Tomos Vaughan", "email": "Tomos@Ambleford.example", "role": Role.MEMBER, "team": where} | other
    return Invitation.objects.invite(where.programme, by=by, **about)


def token_in_letter():
    return re.search(r"/invitations/([^/]+)/", OutgoingMail.objects.latest("pk").text)[1]


def test_the_letter_says_who_asks_into_what_and_its_link_opens_the_invitation(team, invitation, settings):
    letter = OutgoingMail.objects.get()

    assert letter.to == "tomos@ambleford.example"
    assert letter.secret
    assert letter.subject == "Imani Adeyemi invited you to Housing"
    assert "as team member" in letter.text
    assert f"{settings.SITE_URL}/invitations/" in letter.text
    assert Invitation.objects.with_token(token_in_letter()) == invitation
    assert token_in_letter() not in str(Invitation.objects.values())


def test_a_newcomer_gets_an_account_with_a_proven_address_and_their_place(team, invitation):
    user = invitation.accept_as_newcomer("Tomos Vaughan", PASSWORD)

    assert user.check_password(PASSWORD)
    assert user.memberships.current().get().team == team
    assert EmailAddress.objects.get(user=user, verified=True, primary=True).email == user.email
    assert Change.objects.about(team).first().words == "joined as team member"


def test_a_password_made_of_the_team_s_name_makes_no_account(invitation):
    with pytest.raises(ValidationError, match="name of your organisation"):
        invitation.accept_as_newcomer("Tomos Vaughan", "ambleford-housing")

    assert not User.objects.filter(email=invitation.email).exists()
    assert Invitation.objects.open().exists()


def test_only_the_invited_address_may_accept(invitation):
    with pytest.raises(ValidationError, match="This invitation is for tomos@ambleford.example"):
        invitation.accept(UserFactory())


def test_a_service_lead_and_an_administrator_get_their_place(team, by):
    service = ServiceFactory(programme=team.programme)
    user = UserFactory(email="tomos@ambleford.example")

    invite(team, by, role=Role.SERVICE_LEAD, team=None, service=service).accept(user)
    invite(team, by, role=Role.ADMIN, team=None).accept(user)

    assert user.led_services.get().service == service
    assert user.administered.get().programme == team.programme


def test_an_invitation_is_accepted_once(invitation):
    user = invitation.accept_as_newcomer("Tomos Vaughan", PASSWORD)

    with pytest.raises(ValidationError, match="already been accepted"):
        invitation.accept(user)


def test_sending_again_ends_the_old_link(invitation, by):
    old = token_in_letter()

    invitation.send_again(by=by)

    assert Invitation.objects.with_token(old) is None
    assert Invitation.objects.with_token(token_in_letter()) == invitation


def test_a_revoked_or_expired_link_opens_nothing(invitation, by):
    token = token_in_letter()
    Invitation.objects.update(expires_at=invitation.invited_at)
    assert Invitation.objects.with_token(token) is None

    invitation.send_again(by=by)
    invitation.revoke(by=by)
    assert Invitation.objects.with_token(token_in_letter()) is None

    with pytest.raises(ValidationError, match="taken back"):
        invitation.send_again(by=by)


def test_nobody_is_invited_twice_or_to_where_they_are(team, invitation, by):
    with pytest.raises(ValidationError, match="already been invited to Housing"):
        invite(team, by)

    colleague = MembershipFactory(team=team).user
    with pytest.raises(ValidationError, match="already in Housing"):
        invite(team, by, email=colleague.email.upper())


@pytest.mark.parametrize(
    ("state", "minutes", "words"),
    [("waiting", 4, ""), ("waiting", 6, "not left yet"), ("failed", 0, "could not be sent"), ("sent", 60, "")],
)
def test_whoever_invites_learns_what_became_of_the_letter(administrator, team, by, state, minutes, words):
    with time_machine.travel(timezone.now() - dt.timedelta(minutes=minutes)):
        invite(team, by)
    OutgoingMail.objects.update(state=state)

    pages = [administrator.get(f"/teams/{team.slug}/people/").text, administrator.get("/").text]

    for page in pages:
        assert "Tomos Vaughan" in page
        assert words in page
        assert ("The letter" in page) == bool(words)


def test_a_letter_that_is_sent_again_is_looked_at_instead_of_the_first(team, by):
    invitation = invite(team, by)
    OutgoingMail.objects.update(state="failed")

    invitation.send_again(by=by)

    assert Invitation.objects.with_letters().get().trouble == ""
