"""A button that writes a letter, clicked twice, writes one, and the second click is answered like the first (P23)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from teams.models import Invitation, OutgoingMail
from teams.permissions import Role
from tests.factories import ServiceFactory, owned_blocker, raised_blocker

pytestmark = pytest.mark.django_db
TOMOS = {"name": "Tomos Vaughan", "email": "tomos@ambleford.example"}


def clicked_twice(client, address, **form):
    """The answers, which are the same, and the letters that were written."""
    form["key"] = uuid.uuid4()
    before = OutgoingMail.objects.count()
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    return OutgoingMail.objects.count() - before


@pytest.fixture
def invitation(team, administrator):
    asked = TOMOS | {"role": Role.MEMBER, "team": team}
    return Invitation.objects.invite(team.programme, by=administrator.user, **asked)


@pytest.fixture
def lead_invited(team, administrator):
    service = ServiceFactory(programme=team.programme)
    asked = TOMOS | {"role": Role.SERVICE_LEAD, "service": service}
    return Invitation.objects.invite(team.programme, by=administrator.user, **asked)


def test_somebody_is_asked_into_a_team_once(administrator, team):
    address = f"/teams/{team.slug}/people/invite/"

    assert clicked_twice(administrator, address, **TOMOS, role="member", discipline="other") == 1
    assert Invitation.objects.count() == 1


def test_somebody_is_asked_into_a_programme_once(administrator, team):
    address = f"/programmes/{team.programme.slug}/people/invite/"

    assert clicked_twice(administrator, address, **TOMOS, role="admin") == 1


def test_an_invitation_is_sent_again_once_and_its_link_works(administrator, team, invitation):
    assert clicked_twice(administrator, f"/teams/{team.slug}/invitations/{invitation.pk}/send-again/") == 1

    link = OutgoingMail.objects.latest("pk").text.partition("/invitations/")[2].split()[0]
    assert Client().get(f"/invitations/{link}").status_code == 302


def test_the_invitation_of_a_lead_is_sent_again_once(administrator, team, lead_invited):
    address = f"/programmes/{team.programme.slug}/invitations/{lead_invited.pk}/send-again/"

    assert clicked_twice(administrator, address) == 1


def test_whoever_looks_again_may_send_it_again(administrator, team, invitation):
    address = f"/teams/{team.slug}/invitations/{invitation.pk}/send-again/"

    assert clicked_twice(administrator, address) + clicked_twice(administrator, address) == 2


def test_an_invitation_that_is_taken_back_twice_is_taken_back(administrator, team, invitation):
    assert clicked_twice(administrator, f"/teams/{team.slug}/invitations/{invitation.pk}/take-back/") == 0
    assert not Invitation.objects.waiting().exists()


def test_a_password_is_reset_with_one_letter(member):
    reset = {"email": member.user.email}

    assert clicked_twice(Client(), "/account/password/reset/", **reset) == 1
    assert clicked_twice(Client(), "/account/password/reset/", **reset) == 1  # the form was opened once more


def test_one_form_asks_for_one_letter_to_each_address_it_is_sent_with(member, delivery_manager):
    key = uuid.uuid4()
    for person in (member, delivery_manager):
        Client().post("/account/password/reset/", {"email": person.user.email, "key": key})

    assert OutgoingMail.objects.count() == 2


def test_whoever_comes_back_to_the_form_later_has_another_letter(member):
    form = {"email": member.user.email, "key": uuid.uuid4()}
    for seconds in (0, 61, 62):
        with time_machine.travel(timezone.now() + dt.timedelta(seconds=seconds), tick=False):
            Client().post("/account/password/reset/", form)

    assert OutgoingMail.objects.count() == 2


def test_a_new_address_is_confirmed_with_one_letter(member):
    change = {"email": "new@ambleford.example", "action_add": "1"}

    assert clicked_twice(member, "/account/email/", **change) == 1


@pytest.mark.parametrize("page", ["/account/password/reset/", "/account/email/"])
def test_the_forms_carry_a_key(member, page):
    assert 'name="key"' in (Client() if "reset" in page else member).get(page).text


def test_a_blocker_is_given_once(team, delivery_manager, member):
    blocker = raised_blocker(team, delivery_manager.user)

    assert clicked_twice(delivery_manager, f"{blocker.get_absolute_url()}assign/", owner=member.user.pk) == 1


def test_a_blocker_is_escalated_once(team, delivery_manager, member, service_lead):
    blocker = owned_blocker(team, member.user)
    asked = {"to": service_lead.user.pk, "ask": "Decide", "answer_by": timezone.localdate().isoformat()}

    assert clicked_twice(delivery_manager, f"{blocker.get_absolute_url()}escalate/", **asked) == 1


def test_a_test_of_the_digest_is_one_letter(team, delivery_manager, member):
    owned_blocker(team, member.user)

    assert clicked_twice(delivery_manager, f"/teams/{team.slug}/digest/test/") == 1


def test_a_doubtful_letter_is_sent_again_without_a_word_of_trouble(team, delivery_manager, member):
    owned_blocker(team, member.user)
    delivery_manager.post(f"/teams/{team.slug}/digest/test/")
    OutgoingMail.objects.update(kind="digest", team=team, user=member.user, state="unknown")
    letter = OutgoingMail.objects.get()

    assert clicked_twice(delivery_manager, f"/teams/{team.slug}/digest/log/{letter.pk}/again/") == 0
    assert "can be sent again" not in delivery_manager.get(f"/teams/{team.slug}/digest/").text
