import time

import pytest
import time_machine
from django.conf import settings as house
from django.core import signing
from django.test import Client


@pytest.fixture(autouse=True)
def pages(settings):
    settings.ROOT_URLCONF = "tests.config.urls"


@pytest.fixture
def url(team):
    return f"/teams/{team.slug}/opportunities/"


# --- private_pages


def test_no_page_is_kept_by_a_cache(product_owner, url):
    response = product_owner.get(url)

    assert response["Cache-Control"] == "no-store"
    assert "HX-Request" in response["Vary"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


# --- refuse_bad_text


@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "%00=1", "q=%ff%fe", "q=%ed%a0%80", "q=" + "a" * 9000])
def test_a_query_that_cannot_be_read_is_refused_in_words(product_owner, url, query):
    response = product_owner.get(f"{url}?{query}")

    assert response.status_code == 400
    assert "<h1>That did not work</h1>" in response.text


@pytest.mark.parametrize("path", ["/opportunities/HOU-1%00/", "/%00"])
def test_a_path_with_nul_is_refused(product_owner, path):
    assert product_owner.get(path).status_code == 400


@pytest.mark.parametrize("body", [b"title=a%00b", b"ti%00tle=a", b"title=%ff", b"title=%ed%a0%80"])
def test_a_form_that_cannot_be_read_is_refused(product_owner, url, body):
    kind = "application/x-www-form-urlencoded"

    assert product_owner.post(f"{url}add/", body, content_type=kind).status_code == 400


def test_a_form_in_another_encoding_is_refused(product_owner, url):
    kind = "application/x-www-form-urlencoded; charset=utf-16"

    assert product_owner.post(f"{url}add/", b"title=a", content_type=kind).status_code == 400


def test_a_nul_in_a_form_of_parts_is_refused(product_owner, url):
    assert product_owner.post(f"{url}add/", {"title": "a\x00b"}).status_code == 400


def test_a_nul_in_a_header_or_cookie_is_refused(product_owner, url):
    assert product_owner.get(url, headers={"User-Agent": "a\x00b"}).status_code == 400
    assert product_owner.get(url, headers={"Cookie": "odd=a\x00b"}).status_code == 400


def test_a_replacement_character_that_somebody_pasted_is_kept(product_owner, url):
    """Broken text from an old document is still that person's words."""
    response = product_owner.get(url, {"q": "caf\ufffd ünïcode 🏠"})

    assert response.status_code == 200
    assert "caf\ufffd ünïcode 🏠" in response.text


def test_a_refusal_of_a_swapped_part_is_a_part(product_owner, url, htmx):
    response = product_owner.get(f"{url}?q=%00", **htmx)

    assert response.status_code == 400
    assert response.text.lstrip().startswith("<div")


# --- end_idle_sessions


def is_signed_in(client, url, **extra):
    return client.get(url, **extra).status_code == 200


def test_a_session_ends_after_an_hour_without_a_person(product_owner, url):
    with time_machine.travel(time.time(), tick=False) as clock:
        assert is_signed_in(product_owner, url)
        clock.shift(59 * 60)
        assert is_signed_in(product_owner, url)
        clock.shift(59 * 60)
        assert is_signed_in(product_owner, url)
        clock.shift(61 * 60)
        assert not is_signed_in(product_owner, url)


def test_polling_does_not_keep_a_session_awake(product_owner, url):
    with time_machine.travel(time.time(), tick=False) as clock:
        for _ in range(2):
            clock.shift(31 * 60)
            last = is_signed_in(product_owner, url, headers={"X-Polling": "yes"})

    assert not last


def test_a_session_ends_after_twelve_hours_whatever_happens(product_owner, url):
    with time_machine.travel(time.time(), tick=False) as clock:
        for _ in range(24):
            clock.shift(29.9 * 60)
            assert is_signed_in(product_owner, url)
        clock.shift(6 * 60)
        assert not is_signed_in(product_owner, url)


def test_when_somebody_was_seen_is_renewed_at_most_once_a_minute(product_owner, url):
    with time_machine.travel(time.time(), tick=False) as clock:
        clock.shift(61)
        assert "seen" in product_owner.get(url).cookies
        clock.shift(59)
        assert "seen" not in product_owner.get(url).cookies
        clock.shift(2)
        assert "seen" in product_owner.get(url).cookies


@pytest.mark.parametrize("forged", ["nonsense", '["x",9999999999]:sig:nature', "of another session"])
def test_a_forged_sign_of_life_does_not_help(product_owner, url, forged):
    if forged == "of another session":
        forged = signing.dumps(["somebodyelses", int(time.time()) + 7200, product_owner.user.pk], salt="seen")
    with time_machine.travel(time.time(), tick=False) as clock:
        clock.shift(61 * 60)
        product_owner.cookies["seen"] = forged
        assert not is_signed_in(product_owner, url)


def test_no_page_view_writes_the_session(product_owner, url):
    with time_machine.travel(time.time() + 120, tick=False):
        response = product_owner.get(url)

    assert house.SESSION_COOKIE_NAME not in response.cookies


def test_who_signs_out_leaves_nothing_in_the_browser(product_owner):
    response = product_owner.post("/leave/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert response.cookies["seen"]["max-age"] == 0


def test_a_session_that_ended_by_itself_keeps_the_drafts(product_owner, url):
    with time_machine.travel(time.time() + 61 * 60):
        response = product_owner.get(url)

    assert response.status_code == 302
    assert "Clear-Site-Data" not in response


# --- send_htmx_to_sign_in


def test_an_htmx_request_without_a_session_sends_the_whole_page_to_sign_in(team, url):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{url}?q=heating&sort=score"}

    response = Client().get("/opportunities/HOU-1/row/", headers=headers)

    assert response.status_code == 200
    assert response["HX-Redirect"].endswith("?next=%2Fteams%2Fhousing%2Fopportunities%2F%3Fq%3Dheating%26sort%3Dscore")
    assert response.text == ""


def test_the_page_to_come_back_to_is_never_another_site(db):
    headers = {"HX-Request": "true", "HX-Current-URL": "https://evil.example/teams/"}

    response = Client().get("/opportunities/HOU-1/row/", headers=headers)

    assert response["HX-Redirect"].endswith("?next=%2F")


def test_a_plain_request_without_a_session_is_redirected(url, db):
    response = Client().get(url)

    assert response.status_code == 302
    assert response["Location"].endswith("?next=/teams/housing/opportunities/")


# --- explain_wrong_method


def test_an_address_that_only_takes_forms_says_so(product_owner, team):
    response = product_owner.get(f"/teams/{team.slug}/changes/1/undo/")

    assert response.status_code == 405
    assert response["Allow"] == "POST"
    assert "it was opened as a page" in response.text
