import pytest

from tests.config.migrating import migrate
from tests.doors import world


@pytest.fixture
def rows(db):
    """Two programmes with a thing of each kind; whatever happens, the next test finds the newest tables."""
    world.build("mine", "MIN")
    world.build("theirs", "THE")
    yield
    migrate()
