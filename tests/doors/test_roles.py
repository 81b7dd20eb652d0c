"""Every URL × role, against url_roles.csv (P1, P3).

After adding a page, `WRITE_URL_ROLES=1 pytest tests/doors/test_roles.py` writes what each role gets now; read the
difference as what it is, a decision about who may, before you commit it.
"""

import csv
import os
from copy import copy
from pathlib import Path

import pytest
from django.db import transaction

from teams import access
from tests.doors.addresses import METHODS, address, every_pattern
from tests.doors.world import ROLES
from tests.soak import in_soak

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).parent.parent / "url_roles.csv"
OTHER_METHODS = ["PUT", *in_soak(["PATCH", "DELETE", "TRACE"])]


def declared():
    with TABLE.open(newline="") as file:
        return {(row["pattern"], row["method"]): row for row in csv.DictReader(file)}


PATTERNS = [pattern for pattern, _ in every_pattern()]
DECLARED = declared() if TABLE.exists() else {}


def answer(client, method, where, kind="application/x-www-form-urlencoded", body=b"", undo=True):
    """One request that leaves nothing behind: neither rows nor cookies, so that nobody stays signed out."""
    cookies = copy(client.cookies)
    with transaction.atomic():
        response = client.generic(method, where, body, kind)
        if response.streaming:
            response.getvalue()  # to its end, so that the file behind it is closed
        transaction.set_rollback(undo)
    client.cookies = cookies
    return response


@pytest.mark.parametrize("pattern", PATTERNS)
def test_everybody_gets_what_the_table_says(worlds_apart, pattern):
    mine, _, clients = worlds_apart
    where = address(pattern, mine)
    got = {
        method: {role: str(answer(clients[role], method, where).status_code) for role in ROLES} for method in METHODS
    }
    if os.environ.get("WRITE_URL_ROLES"):
        return write(pattern, got)

    for method in METHODS:
        row = DECLARED.get((pattern, method))
        assert row, f"{method} {pattern} is not in tests/url_roles.csv"
        assert got[method] == {role: row[role] for role in ROLES}
        assert not any(status.startswith("5") for status in got[method].values())
    owner = clients["product_owner"]
    head = answer(owner, "HEAD", where)
    assert str(head.status_code) == got["GET"]["product_owner"]
    assert "no-store" in head["Cache-Control"] and "HX-Request" in head["Vary"]  # P8
    assert "script-src 'self';" in head["Content-Security-Policy"]  # P7
    assert {answer(owner, method, where).status_code for method in OTHER_METHODS} <= {302, 403, 404, 405}


def test_the_table_names_no_page_that_is_gone():
    assert {pattern for pattern, _ in DECLARED} <= set(PATTERNS)


@pytest.mark.parametrize(("pattern", "view"), every_pattern())
def test_every_view_says_who_may_use_it(pattern, view):
    assert hasattr(view, "needs") or getattr(view, "login_required", True) is False


def test_with_the_guard_taken_out_the_table_is_not_met(worlds_apart, monkeypatch):
    mine, _, clients = worlds_apart
    monkeypatch.setattr(access, "allow", lambda request, needs: None)
    where = address("teams/<team>/opportunities/sort/", mine)

    assert answer(clients["member"], "GET", where).status_code == 200


def write(pattern, got):
    rows = declared() if TABLE.exists() else {}
    for method, statuses in got.items():
        rows[pattern, method] = {"pattern": pattern, "method": method, **statuses}
    with TABLE.open("w", newline="") as file:
        writer = csv.DictWriter(file, ["pattern", "method", *ROLES], lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for key, row in sorted(rows.items()) if key[0] in PATTERNS)
