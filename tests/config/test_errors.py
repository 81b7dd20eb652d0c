import re

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client, RequestFactory
from psycopg import OperationalError as ConnectionWasCut
from psycopg.errors import AdminShutdown, CrashShutdown, QueryCanceled
from psycopg_pool import PoolTimeout

from config import errors
from config.middleware import read_again
from tests.factories import MembershipFactory, make_opportunity


@pytest.fixture(autouse=True)
def pages_that_misbehave(settings):
    settings.ROOT_URLCONF = "tests.config.urls"


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def without_token(response):
    return re.sub(r'"X-CSRFToken": "\w+"', "", response.text.replace("&#34;", '"'))


def test_what_is_not_yours_looks_as_if_it_did_not_exist(product_owner, team):
    theirs = MembershipFactory()
    hidden = make_opportunity(theirs.team, theirs.user)

    not_theirs = product_owner.get(f"/opportunities/{hidden.reference}/")
    missing = product_owner.get("/opportunities/HOU-99999/")
    nowhere = product_owner.get("/nowhere/")

    assert not_theirs.status_code == missing.status_code == nowhere.status_code == 404
    assert without_token(not_theirs) == without_token(missing) == without_token(nowhere)
    assert "or it is not in your teams" in missing.text


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/broken/", 500, "Something went wrong on our side"),
        ("/away/", 503, "The database does not answer"),
        ("/too-big/", 413, "Send less text"),
        ("/odd/", 400, "This link is out of date."),
        ("/no/", 403, "Only whoever raised it may withdraw it."),
        ("/nowhere/", 404, "Check the address"),
    ],
)
@pytest.mark.parametrize("part", [False, True], ids=["page", "part"])
def test_a_refusal_says_why_and_what_to_do(client, db, address, status, words, part):
    response = client.get(address, headers={"HX-Request": "true"} if part else {})

    assert response.status_code == status
    assert words in response.text
    assert "SECRET" not in response.text
    assert ("<html" in response.text) is not part


def test_a_question_that_takes_too_long_is_not_our_failure(product_owner):
    product_owner.raise_request_exception = False

    assert product_owner.get("/slow/").status_code == 503


def test_a_broken_page_asks_no_database(product_owner, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = "asking for it would fail"

    with django_assert_num_queries(0):
        response = errors.server_error(request)

    assert response.status_code == 500
    assert "throughline.css" in response.text


def test_a_form_from_before_signing_in_is_explained(team, product_owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(product_owner.user)

    response = strict.post(f"/teams/{team.slug}/opportunities/add/", {"title": "Words"})

    assert response.status_code == 403
    assert "Copy what you typed first" in response.text


def test_every_refusal_carries_the_content_security_policy(client, db):
    for address in ["/broken/", "/away/", "/too-big/", "/odd/", "/no/", "/nowhere/"]:
        assert "default-src 'none'" in client.get(address)["Content-Security-Policy"]


def broken_by(cause):
    try:
        raise OperationalError from cause
    except OperationalError:
        return errors.server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("method", "cause", "status"),
    [
        ("GET", AdminShutdown(), 200),
        ("HEAD", CrashShutdown(), 200),
        ("GET", ConnectionWasCut(), 200),
        ("POST", AdminShutdown(), 503),
        ("GET", QueryCanceled(), 503),
        ("GET", PoolTimeout(), 503),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_p24_a_page_that_meets_a_restart_is_read_once_more(db, method, cause, status):
    answers = iter([broken_by(cause), HttpResponse("the page")])
    request = RequestFactory().generic(method, "/")

    assert read_again(lambda request: next(answers))(request).status_code == status
