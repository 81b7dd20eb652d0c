from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction


@contextmanager
def refused_by(key):
    """Inside, something is written that this key of the database forbids. Nothing of it stays.

    Keys are looked at when a transaction ends, which in a test it does not.
    """
    with pytest.raises(IntegrityError, match=key), transaction.atomic():
        yield
        connection.check_constraints()
