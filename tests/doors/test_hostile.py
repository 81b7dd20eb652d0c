"""Hostile input is answered in plain words and changes nothing (security.md §5); no page answers it with a 500."""

import re
from urllib.parse import unquote

import pytest
from django.db import connection
from django.urls import Resolver404, resolve

from tests.doors.addresses import address, every_pattern
from tests.doors.test_roles import answer
from tests.soak import SOAK, in_soak

pytestmark = pytest.mark.django_db
PATTERNS = [pattern for pattern, _ in every_pattern()]
NAMED = [pattern for pattern in PATTERNS if "<" in pattern]
BIG = "9" * 5000
WORST_PARTS = ["%00", BIG, "9223372036854775808"]
PARTS = [*WORST_PARTS, "%ff", "%0a", "-1", "1e9", "%D9%A3", "..%2f..", "%27", "%F0%9F%92%A5", "1.0"]
LAST_PARTS = PARTS if SOAK else [*WORST_PARTS, "-1", "%27"]
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
UNREADABLE_QUERIES = ["q=%00", "page=%00", "q=%ff%fe", "q=%ed%a0%80", "q=" + "a" * 100_000, "title=" + "word%20" * 5000]
QUERIES = [  # asked together, as far as they can be
    [
        "q=(",
        "page=10000000000000000000000000000000000000000",
        "at=HOU-99999999999999999999",
        "done=99999999999999999999999",
        "theme=99999999999999999999999",
        "stage=-1",
        "sort=password",
        "team__pk=1&password__startswith=a",
        "value=1e400&size=NaN",
        "since=2024-13-45",
        "date=0000-00-00",
        "next=//evil.example/",
    ],
    *in_soak([["page=-1", "done=abc", "theme=abc"], ["page=abc", "done=%C2%B2", "theme=1&theme=2"]]),
]
UNREADABLE_BODIES = {
    "nul": (FORM, b"title=%00&text=%00&name=%00&email=%00&key=%00&version=1"),
    "bad utf-8": (FORM, b"title=%ff%fe&text=%ed%a0%80&version=1"),
    "utf-7": (FORM + "; charset=utf-7", b"title=+ADw-script+AD4-"),
    "many fields": (FORM, b"&".join(b"a%d=1" % n for n in range(1001))),
    "long": (FORM, b"title=" + b"x" * 3_000_000),
    "no boundary": ("multipart/form-data", b"nonsense"),
}
BODIES = {
    "numbers": (
        FORM,
        b"version=99999999999999999999&place=1e400&value=9&size=-1&to=place&earlier_participants=" + b"9" * 5000,
    ),
    "dates and ids": (
        FORM,
        b"until=0000-00-00&starts_on=10000-01-01&ends_on=2024-13-45&version=1&stage=abc&themes=99999999999999999999"
        b"&answers=9999999999999999999999&pick=%27&act=theme&go=yes&text=x&key=x",
    ),
    "file name": (
        MULTIPART,
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../etc/pa\0sswd"\r\n\r\nx\r\n--x--\r\n',
    ),
}
MALFORMED = {
    "bogus charset": (FORM + "; charset=bogus", b"title=x"),
    "json": ("application/json", b"[" * 100_000),
    "garbage": (MULTIPART, b"--x\r\ngarbage"),
}
NO_PAGE = {403, 405}


def insist_on_plain_words(response):
    assert response.status_code < 500
    if response.status_code in (400, 404, 422) and response.content:
        assert re.search("<h[12]", response.text)
        assert "Traceback" not in response.text


@pytest.mark.parametrize("pattern", NAMED)
def test_an_address_of_nonsense_is_not_found(worlds_apart, pattern):
    """All of it in the last place; what stands before has patterns of its own that end there."""
    mine, _, clients = worlds_apart
    real = address(pattern, mine)
    *before, last = [part for part in real.split("/") if part and part not in pattern]
    tries = [(last, nonsense) for nonsense in LAST_PARTS]
    tries += [(part, nonsense) for part in before for nonsense in in_soak(WORST_PARTS)]
    for where in filter(is_an_address, [real.replace(part, nonsense, 1) for part, nonsense in tries]):
        insist_on_plain_words(answer(clients["product_owner"], "GET", where))


def is_an_address(where):
    """Whether any page would be asked. All others are not found in one place, before one is."""
    try:
        return resolve(unquote(where, errors="replace"))
    except Resolver404:
        return None


@pytest.mark.parametrize("nonsense", PARTS)
@pytest.mark.parametrize("beginning", ["/", "/teams/mine/", "/opportunities/", "/p/"])
def test_an_address_of_no_page_is_not_found(worlds_apart, beginning, nonsense):
    refused = answer(worlds_apart[2]["product_owner"], "GET", f"{beginning}{nonsense}/nowhere/")

    assert refused.status_code in (400, 404, 414)
    insist_on_plain_words(refused)


@pytest.mark.parametrize("query", UNREADABLE_QUERIES, ids=lambda query: query[:12])
def test_a_query_that_cannot_be_read_reaches_no_page(worlds_apart, query):
    assert answer(worlds_apart[2]["product_owner"], "GET", f"/nowhere/?{query}").status_code == 400


@pytest.mark.parametrize("kind", UNREADABLE_BODIES)
def test_a_body_that_cannot_be_read_reaches_no_page(worlds_apart, kind):
    refused = answer(worlds_apart[2]["product_owner"], "POST", "/nowhere/", *UNREADABLE_BODIES[kind])

    assert refused.status_code in (400, 413)
    insist_on_plain_words(refused)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_query_of_nonsense_is_explained(worlds_apart, pattern):
    """One refused part may keep a page from looking at the others: then each is asked by itself."""
    mine, _, clients = worlds_apart

    def ask(query):
        response = answer(clients["product_owner"], "GET", f"{address(pattern, mine)}?{query}")
        insist_on_plain_words(response)
        return response.status_code

    for queries in QUERIES:
        status = ask("&".join(queries))
        if status in NO_PAGE:
            return
        if status >= 400:
            for query in queries:
                ask(query)


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_body_is_explained(worlds_apart, kind):
    where = address("teams/<team>/opportunities/add/", worlds_apart[0])

    refused = answer(worlds_apart[2]["product_owner"], "POST", where, *MALFORMED[kind])

    assert refused.status_code in (400, 415, 422)
    insist_on_plain_words(refused)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_body_of_nonsense_is_explained(worlds_apart, pattern):
    mine, _, clients = worlds_apart
    for kind, body in [*BODIES.values(), *in_soak(list(MALFORMED.values()))]:
        response = answer(clients["product_owner"], "POST", address(pattern, mine), kind, body)
        insist_on_plain_words(response)
        if response.status_code in NO_PAGE:
            return


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
        # That somebody read raw notes or took a list away is written down, and how often an address asked for a
        # share link.
        traces = {"research_reading", "teams_attempts"}
        for table in set(connection.introspection.table_names(cursor)) - traces:
            changes = "WHERE words NOT LIKE 'downloaded %'" if table == "teams_change" else ""
            rows = f'FROM "{table}" t {changes}'
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, $$|$$ ORDER BY t::text), $$$$)) {rows}")
            prints[table] = cursor.fetchone()[0]
    return prints


@pytest.fixture
def suspicious(worlds_apart):
    """A product owner whose tokens are asked for (P5)."""
    mine, _, clients = worlds_apart
    client = clients["product_owner"]
    client.handler.enforce_csrf_checks = True
    yield mine, client
    client.handler.enforce_csrf_checks = False


@pytest.mark.parametrize("pattern", PATTERNS)
def test_nothing_is_sent_without_proof_of_our_page(suspicious, pattern):
    mine, client = suspicious

    status = client.post(address(pattern, mine), {"version": 1}).status_code

    assert status in (403, 404, 405) or pattern == "csp-report"


def test_p5_only_what_has_no_session_to_misuse_needs_no_proof():
    exempt = {pattern for pattern, view in every_pattern() if getattr(view, "csrf_exempt", False)}

    assert exempt == {"csp-report", "unsubscribe/<str:token>/", "p/letters/<token>/"}


ELSEWHERE = {
    "only htmx": ({"HX-Request": "true"}, "none"),
    "another site": ({"Origin": "https://evil.example"}, "own"),
    "no site": ({"Origin": "null"}, "own"),
    "another person's": ({}, "another's"),
    "https without a referrer": ({}, "own"),
    "https from another site": ({"Referer": "https://evil.example/"}, "own"),
}


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_p5_no_other_page_can_send_it(worlds_apart, suspicious, kind):
    """The same form goes through from our own page, which is what the last line shows."""
    mine, client = suspicious
    headers, whose = ELSEWHERE[kind]
    where = address("teams/<team>/opportunities/add/", mine)
    secure, own = kind.startswith("https"), token_on(client, where)
    token = {"none": "", "own": own, "another's": token_on(worlds_apart[2]["member"], where)}[whose]

    refused = client.post(where, {"csrfmiddlewaretoken": token}, headers=headers, secure=secure)
    taken = client.post(where, {"csrfmiddlewaretoken": own}, headers={"Origin": "http://testserver"})

    assert (refused.status_code, taken.status_code) == (403, 422)


def token_on(client, where):
    return re.search(r'csrfmiddlewaretoken" value="(\w+)', client.get(where).text)[1]
