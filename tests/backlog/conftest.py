import pytest

from tests.backlog.reviewing import a_session
from tests.factories import ThemeFactory


@pytest.fixture
def theme(team):
    return ThemeFactory(programme=team.programme, name="Keep people informed")


@pytest.fixture
def session(team, product_owner, theme):
    return a_session(team, product_owner.user)
