"""Closing an account: the person goes, what they did stays under their name."""

from django.test import Client

from teams.mail import post
from teams.models import Change, Membership, OutgoingMail, User
from teams.permissions import Role
from tests.factories import MembershipFactory, ProgrammeAdminFactory, ServiceFactory, ServiceLeadFactory
from tests.people import signed_in

SURE = {"sure": "on"}


def test_who_closes_their_account_is_in_no_place_and_signed_in_nowhere(team, person, mine):
    MembershipFactory(team=team, user=person)
    ServiceLeadFactory(service=ServiceFactory(programme=team.programme), user=person)
    elsewhere = signed_in(person)

    page = mine.post("/account/close/", SURE, follow=True)

    assert "Your account is closed" in page.text
    assert elsewhere.get("/account/").status_code == 302
    assert not Membership.objects.current().filter(user=person).exists()
    assert not person.led_services.exists()


def test_the_name_stays_with_what_they_did_and_the_address_is_free_again(team, person, mine):
    MembershipFactory(team=team, user=person)
    team.record("changed the name", by=person)

    mine.post("/account/close/", SURE)

    assert Change.objects.get(words="changed the name").who_name == "Tomos Vaughan"
    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password(), person.name) == (False, False, "Tomos Vaughan")
    assert User.objects.create_user("tomos@ambleford.example", "Another Tomos")


def test_letters_that_wait_for_them_are_called_off(person, mine):
    post("notice", to=person.email, subject="Hello", text="Dear Tomos", user=person)

    mine.post("/account/close/", SURE)

    assert [letter.state for letter in OutgoingMail.objects.filter(user=person)] == ["cancelled"]


def test_the_last_product_owner_hands_over_first(team, person, mine):
    MembershipFactory(team=team, user=person, role=Role.PRODUCT_OWNER)

    page = mine.post("/account/close/", SURE)

    assert page.status_code == 422
    assert "Tomos Vaughan is the only product owner" in page.text
    assert Membership.objects.current().filter(user=person).exists()
    assert mine.get("/account/").status_code == 200


def test_the_last_administrator_stays_until_there_is_another(team, person, mine):
    MembershipFactory(team=team, user=person)
    ProgrammeAdminFactory(programme=team.programme, user=person)

    page = mine.post("/account/close/", SURE)

    assert "Tomos Vaughan is the only administrator" in page.text
    assert Membership.objects.current().filter(user=person).exists()


def test_nothing_happens_unless_they_say_they_are_sure(person, mine):
    page = mine.post("/account/close/")

    assert page.status_code == 422
    person.refresh_from_db()
    assert person.is_active


def test_whoever_has_a_password_proves_themselves_first(person):
    person.set_password("correct horse battery staple")
    person.save()

    page = signed_in(person).post("/account/close/", SURE)

    assert page.status_code == 302
    assert "/account/reauthenticate/" in page["Location"]
    person.refresh_from_db()
    assert person.is_active


def test_nobody_else_is_touched(mine, team):
    other = MembershipFactory(team=team)

    mine.post("/account/close/", SURE)

    assert Membership.objects.current().filter(pk=other.pk).exists()
    assert Client().get("/account/close/").status_code == 302
