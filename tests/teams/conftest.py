import pytest

from tests.factories import UserFactory
from tests.people import signed_in


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]


@pytest.fixture
def person(db):
    """Somebody with an account and no place yet."""
    user = UserFactory(name="Tomos Vaughan", email="tomos@ambleford.example")
    user.confirm_email()
    return user


@pytest.fixture
def mine(person):
    return signed_in(person)
