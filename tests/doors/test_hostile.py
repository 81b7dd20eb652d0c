"""Hostile input is answered in plain words and changes nothing (security.md §5); no page answers it with a 500."""

import re

import pytest
from django.db import connection

from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer

pytestmark = pytest.mark.django_db
PATTERNS = [pattern for pattern, _ in every_pattern()]
NAMED = [pattern for pattern in PATTERNS if "<" in pattern]
BIG = "9" * 5000
PARTS = [
    "%00",
    "%ff",
    "%0a",
    BIG,
    "-1",
    "1e9",
    "9223372036854775808",
    "%D9%A3",
    "..%2f..",
    "%27",
    "%F0%9F%92%A5",
    "1.0",
]
FORM = "application/x-www-form-urlencoded"
QUERIES = [
    "q=%00",
    "q=%ff%fe",
    "q=%ed%a0%80",
    "q=(",
    "q=" + "a" * 100_000,
    "page=abc",
    "page=-1",
    "page=10000000000000000000000000000000000000000",
    "page=%00",
    "at=%00",
    "at=HOU-99999999999999999999",
    "done=abc",
    "done=99999999999999999999999",
    "done=%C2%B2",
    "theme=abc",
    "theme=99999999999999999999999",
    "theme=1&theme=2",
    "stage=-1",
    "sort=password",
    "status=%00",
    "team__pk=1&password__startswith=a",
    "value=1e400&size=NaN",
    "title=" + "word%20" * 5000,
    "since=2024-13-45",
    "date=0000-00-00",
    "next=//evil.example/",
]
BODIES = {
    "nul": (FORM, b"title=%00&text=%00&name=%00&email=%00&key=%00&version=1"),
    "bad utf-8": (FORM, b"title=%ff%fe&text=%ed%a0%80&version=1"),
    "utf-7": (FORM + "; charset=utf-7", b"title=+ADw-script+AD4-"),
    "bogus charset": (FORM + "; charset=bogus", b"title=x"),
    "numbers": (
        FORM,
        b"version=99999999999999999999&place=1e400&value=9&size=-1&to=place&earlier_participants=" + b"9" * 5000,
    ),
    "dates": (
        FORM,
        b"until=0000-00-00&starts_on=10000-01-01&ends_on=2024-13-45&version=1",
    ),
    "ids": (
        FORM,
        b"stage=abc&themes=99999999999999999999&answers=9999999999999999999999&pick=%27&act=theme&go=yes&text=x&key=x",
    ),
    "many fields": (FORM, b"&".join(b"a%d=1" % n for n in range(1001))),
    "long": (FORM, b"title=" + b"x" * 3_000_000),
    "json": ("application/json", b"[" * 100_000),
    "no boundary": ("multipart/form-data", b"nonsense"),
    "garbage": ("multipart/form-data; boundary=x", b"--x\r\ngarbage"),
    "file name": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/pa\0sswd"\r\n\r\nx\r\n--x--\r\n',
    ),
}


def insist_on_plain_words(response):
    assert response.status_code < 500
    if response.status_code in (400, 404, 422) and response.content:
        assert re.search("<h[12]", response.text)
        assert "Traceback" not in response.text


@pytest.mark.parametrize("pattern", NAMED)
def test_an_address_of_nonsense_is_not_found(worlds_apart, pattern):
    mine, _, clients = worlds_apart
    real = address(pattern, mine)
    parts = [part for part in real.split("/") if part and part not in pattern]
    for part in parts:
        for nonsense in PARTS:
            insist_on_plain_words(answer(clients["product_owner"], "GET", real.replace(part, nonsense, 1)))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_query_of_nonsense_is_explained(worlds_apart, pattern):
    mine, _, clients = worlds_apart
    for query in QUERIES:
        insist_on_plain_words(answer(clients["product_owner"], "GET", f"{address(pattern, mine)}?{query}"))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_body_of_nonsense_changes_nothing(worlds_apart, pattern):
    mine, _, clients = worlds_apart
    for kind, body in BODIES.values():
        insist_on_plain_words(answer(clients["product_owner"], "POST", address(pattern, mine), kind, body))


def test_reading_changes_nothing(worlds_apart):
    """Sign-in pages are left out: allauth keeps a second factor's secret in the session until it is confirmed."""
    mine, _, clients = worlds_apart
    before = fingerprint()

    for pattern in (one for one in PATTERNS if "account/" not in one):
        answer(clients["product_owner"], "GET", address(pattern, mine), undo=False)

    assert fingerprint() == before


def fingerprint() -> dict:
    """One hash a table, of all its rows."""
    with connection.cursor() as cursor:
        prints = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT md5(coalesce(string_agg(t::text, $$|$$ ORDER BY t::text), $$$$)) FROM "{table}" t')
            prints[table] = cursor.fetchone()[0]
    return prints


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_is_sent_without_proof_of_our_page(worlds_apart, pattern):
    """CSRF (P5): no token, an htmx header only, and a page of another site."""
    mine, _, clients = worlds_apart
    client = clients["product_owner"]
    client.handler.enforce_csrf_checks = True
    try:
        for headers in ({}, {"HX-Request": "true"}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
            response = client.post(address(pattern, mine), {"version": 1}, headers=headers)
            assert response.status_code in (403, 404, 405) or pattern == "csp-report", headers
    finally:
        client.handler.enforce_csrf_checks = False
