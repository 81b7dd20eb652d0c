import pytest

from tests.sprints.standups import at


@pytest.fixture
def monday_morning():
    with at(9, 5):
        yield
