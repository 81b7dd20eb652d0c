import pytest
from django.db import connection, transaction

from tests.doors import world as worlds


@pytest.fixture(scope="package")
def worlds_apart(django_db_setup, django_db_blocker):
    """Two worlds, built once and rolled back after the last of these tests; each test is rolled back by itself."""
    with django_db_blocker.unblock(), transaction.atomic():
        mine, theirs = worlds.build("mine", "MIN"), worlds.build("theirs", "THE", worlds.CANARY)
        connection.check_constraints()  # once, and not again after every test
        yield mine, theirs, worlds.everybody(mine, theirs)
        transaction.set_rollback(True)
