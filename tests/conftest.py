import gc
import re
import socket
from ipaddress import ip_address

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck, settings

from tests import tables
from tests.soak import SOAK

pytest_plugins = ["tests.people"]
collect_ignore = [] if SOAK else ["bench/test_bench.py", "config/test_older_migrations.py"]
# A machine that is busy with other things is not a mistake.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
KEPT = ("<pre", "<textarea")  # where white space is words
STAYS = {"django_migrations", "django_content_type", "auth_permission"}
# No row of an edition can be deleted, so what a test shared goes with its table.
EDITIONS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM research_edition) THEN TRUNCATE research_edition CASCADE; END IF;
    END $$;
"""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Where pytest-django asks: test databases are copies of one that has been migrated."""
    connections["default"].settings_dict["TEST"]["TEMPLATE"] = tables.NAME


def pytest_collection_finish():
    """What was imported stays, so the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def look_for_static_files_when_asked():
    """Each client of a test has a handler of its own, and WhiteNoise would list every file for each of them."""
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(scope="session", autouse=True)
def nobody_outside_is_asked():
    """What tries to fetch something from elsewhere fails where it tries (P33)."""
    connect = socket.socket.connect

    def to_this_machine_alone(line, address):
        if line.family != socket.AF_UNIX and address[0] != "localhost" and not ip_address(address[0]).is_loopback:
            raise RuntimeError(f"A test asked {address[0]}")
        return connect(line, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", to_this_machine_alone)
        yield


@pytest.fixture(scope="session", autouse=True)
def read_pages_as_browsers_do():
    """In the `text` of a page, any white space is one space: where its template breaks a line is nobody's business."""
    as_sent = HttpResponse.text

    def read(response):
        text = as_sent.func(response)
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return text
        parts = re.split(r"(<(?:pre|textarea)\b.*?</)", text, flags=re.DOTALL)
        return "".join(part if part.startswith(KEPT) else re.sub(r"\s+", " ", part) for part in parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HttpResponse, "text", property(read))
        yield


@pytest.fixture(scope="session", autouse=True)
def empty_tables_quickly():
    """What Django does after a test that commits: TRUNCATE makes files anew for every table and index, which takes
    twenty times as long as deleting the few rows that a test wrote."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _delete_all_rows)
        yield


def _delete_all_rows(test_case):
    for name in test_case._databases_names(include_mirrors=False):
        with connections[name].cursor() as cursor:
            tables = set(connections[name].introspection.table_names(cursor)) - STAYS
            cursor.execute(EDITIONS)
            cursor.execute("BEGIN;" + "".join(f'DELETE FROM "{table}";' for table in sorted(tables)) + "COMMIT")
