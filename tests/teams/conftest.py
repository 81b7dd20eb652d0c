import pytest


@pytest.fixture(autouse=True)
def cheap_hashes(settings):
    settings.PASSWORD_HASHERS = ["tests.hashers.CheapArgon2"]
