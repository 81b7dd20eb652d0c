import pytest

from tests.research.making import a_round, a_session


@pytest.fixture
def by(researcher):
    return researcher.user


@pytest.fixture
def round_(team, by):
    return a_round(team, by)


@pytest.fixture
def session(round_, by):
    return a_session(round_, by)
