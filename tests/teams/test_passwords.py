"""Which passwords are taken (P11)."""

from contextlib import nullcontext as does_not_raise

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from tests.factories import MembershipFactory, UserFactory
from tests.people import signed_in

LONG = "kettle of herons, " * 8


@pytest.fixture
def person(team):
    return MembershipFactory(team=team, user__name="Imani Adeyemi", user__email="imani@ambleford.example").user


@pytest.mark.parametrize(
    "password",
    [
        "quietkettle1",  # 12
        LONG[:64],
        LONG[:128],
        "a" * 500 + "b" * 524,  # 1,024 bytes
        "🐦 🫖 🎻 🪁 🧶 🦔 🌂",  # twelve signs and more
        "  spaces at both ends  ",
        "housing and nine kettles",  # a word of ours among enough others
    ],
)
def test_p11_taken(person, password):
    validate_password(password, person)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("quietkettle", "too short"),  # 11
        ("🐦" * 11, "too short"),
        ("a" * 1025, "shorter than 1,000"),
        ("🐦" * 257, "shorter than 1,000"),  # 1,028 bytes
        ("1q2w3e4r5t6y", "too common"),
        ("imani.adeyemi", "too similar"),
        ("imani@ambleford", "too similar"),
        ("housing-2026", "name of your organisation"),
        ("Ambleford123", "name of your organisation"),
        ("ambleford city council", "name of your organisation"),
        ("throughline!", "name of your organisation"),
    ],
)
def test_p11_refused(person, password, why):
    with pytest.raises(ValidationError, match=why):
        validate_password(password, person)


@pytest.mark.parametrize(("length", "taken"), [(14, False), (15, True)])
def test_p11_administrators_need_more(administrator, length, taken):
    outcome = does_not_raise() if taken else pytest.raises(ValidationError, match="at least 15")
    with outcome:
        validate_password("quiet kettles and more"[:length], administrator.user)


@pytest.mark.parametrize(
    "password", [LONG[:64], LONG[:128], "  spaces kept  ", "🐦 🫖 🎻 🪁 🧶 🦔 🌂", "a" * 500 + "b" * 524]
)
def test_p11_nothing_is_cut_off_or_trimmed(person, password):
    person.choose_password(password)

    assert person.check_password(password)
    assert not person.check_password(password[:-1])
    assert not person.check_password(password + " ")


@pytest.fixture
def hashes(monkeypatch):
    made = []
    for name in ("encode", "verify"):
        kept = getattr(Argon2PasswordHasher, name)
        monkeypatch.setattr(Argon2PasswordHasher, name, lambda *a, kept=kept, **k: made.append(1) or kept(*a, **k))
    return made


@pytest.mark.parametrize("email", ["imani@ambleford.example", "nobody@example.org"])
def test_p11_a_password_of_a_megabyte_costs_no_hash(person, hashes, email):
    response = Client().post("/account/login/", {"login": email, "password": "a" * 1_000_000})

    assert response.status_code == 422
    assert not hashes


def test_p11_the_current_password_is_needed_to_change_it(db):
    person = UserFactory(password="nine quiet kettles")
    client = signed_in(person)

    response = client.post("/account/password/change/", {"oldpassword": "a" * 2000, "password1": "ten loud kettles"})

    assert response.status_code == 422
    assert "That is not your current password" in response.text
    person.refresh_from_db()
    assert person.check_password("nine quiet kettles")
