"""The first start without demo data."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from teams.management.commands import setup
from teams.models import Attempts, Membership, ProgrammeAdmin, Team, User
from tests.factories import UserFactory

ANSWERS = {
    "name": "Imani Adeyemi",
    "email": "imani@ambleford.example",
    "password": "a kettle of herons",
    "organisation": "Ambleford City Council",
    "programme": "Customer Service Programme",
    "team": "Housing",
    "prefix": "hou",
    "role": "product_owner",
}


@pytest.fixture
def code(db, django_cache_table):
    return printed_code()


@pytest.fixture
def django_cache_table(db):
    call_command("createcachetable")


def printed_code():
    said = StringIO()
    call_command("setup_code", stdout=said)
    return re.search(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", said.getvalue())[0]


def test_the_page_makes_administrator_programme_and_team_and_leads_on(client, code):
    response = client.post("/setup/", {"code": code, **ANSWERS}, follow=True)

    user = User.objects.get()
    assert user.check_password(ANSWERS["password"])
    assert ProgrammeAdmin.objects.get().user == user
    assert Membership.objects.get().role == "product_owner"
    assert (Team.objects.get().slug, Team.objects.get().prefix) == ("housing", "HOU")
    assert "Customer Service Programme is set up" in response.text
    assert "/teams/housing/people/" in response.text


def test_the_page_is_gone_once_somebody_has_an_account(client, db):
    UserFactory()

    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", ANSWERS).status_code == 404


def test_without_the_code_nothing_is_made(client, code):
    page = client.post("/setup/", {"code": "0000-0000-0000-0000", **ANSWERS})

    assert page.status_code == 422
    assert "not the code that was printed last" in page.text
    assert 'value="Ambleford City Council"' in page.text
    assert not User.objects.exists()


def test_a_newer_code_ends_the_older(client, code):
    newer = printed_code()

    assert client.post("/setup/", {"code": code, **ANSWERS}).status_code == 422
    assert client.post("/setup/", {"code": newer, **ANSWERS}).status_code == 302


def test_codes_can_be_guessed_ten_times(client, code):
    for _ in range(10):
        client.post("/setup/", {"code": "0000", **ANSWERS})

    assert "Too many tries" in client.post("/setup/", {"code": code, **ANSWERS}).text
    assert Attempts.objects.count() == 1


@pytest.mark.parametrize(
    ("mistake", "why"),
    [
        ({"prefix": "H1"}, "Enter 2 to 5 letters"),
        ({"password": "short"}, "too short"),
        ({"password": "Housing-Housing-1"}, "name of your organisation"),
        ({"email": "not an address"}, "valid email address"),
        ({"programme": ""}, "Enter the name of the programme"),
    ],
)
def test_a_mistake_is_said_and_makes_nothing(client, code, mistake, why):
    page = client.post("/setup/", {"code": code, **ANSWERS, **mistake})

    assert page.status_code == 422
    assert why in page.text
    assert not User.objects.exists()
    assert not Team.objects.exists()


def test_somebody_may_administer_only(client, code):
    client.post("/setup/", {"code": code, **ANSWERS, "role": ""})

    assert not Membership.objects.exists()
    assert ProgrammeAdmin.objects.exists()


def test_the_command_does_the_same(db, tmp_path):
    file = tmp_path / "password"
    file.write_text("a kettle of herons\n")
    about = {name: ANSWERS[name] for name in ("name", "email", "organisation", "programme", "team")}

    call_command("setup", **about, prefix="HOU", password_file=str(file), stdout=StringIO())

    assert User.objects.get().check_password("a kettle of herons")
    with pytest.raises(CommandError, match="There are accounts already"):
        call_command("setup")


def test_the_command_says_what_is_wrong(db, tmp_path):
    file = tmp_path / "password"
    file.write_text("short")
    about = {name: ANSWERS[name] for name in ("name", "email", "organisation", "programme", "team")}

    with pytest.raises(CommandError, match="too short"):
        call_command("setup", **about, prefix="HOU", password_file=str(file))


def typed(monkeypatch, answers, passwords):
    """What a person at the terminal answers, in this order."""
    answers, passwords = iter(answers), iter(passwords)

    def answer(question, given=answers):
        for word in given:
            return word
        raise EOFError

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(setup, "getpass", lambda question: answer(question, passwords))


def test_the_command_asks_again_for_what_was_wrong_alone(db, monkeypatch):
    answers = ["Imani Adeyemi", "imani@ambleford", "Ambleford City Council", "Customer Service", "Housing", "housing"]
    again = ["imani@ambleford.example", "hou"]
    typed(monkeypatch, answers + again, ["short", "short", "a kettle of heron", "another", *2 * ["a kettle of herons"]])
    said = StringIO()

    call_command("setup", stdout=StringIO(), stderr=said)

    assert User.objects.get().check_password("a kettle of herons")
    assert Team.objects.get().prefix == "HOU"
    assert said.getvalue().count("Enter 2 to 5 letters, like HOU") == 1
    assert ".." not in said.getvalue()
    assert "at least 15 characters" in said.getvalue() and "not the same" in said.getvalue()


def test_a_command_that_is_stopped_half_way_makes_nothing(db, monkeypatch):
    typed(monkeypatch, ["Imani Adeyemi"], [])

    with pytest.raises(CommandError, match="nothing was set up"):
        call_command("setup", stderr=StringIO())

    assert not User.objects.exists()


def test_the_page_says_how_long_the_password_of_an_administrator_is(client, code):
    assert "At least 15 characters" in client.get("/setup/").text


def test_while_there_is_no_account_the_sign_in_page_leads_to_the_set_up(client, db):
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/setup/"
    UserFactory()

    assert "Sign in" in client.get("/account/login/").text
