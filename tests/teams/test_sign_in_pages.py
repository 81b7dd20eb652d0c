"""Every page of ours that allauth renders, in our templates and behind our doors."""

import pytest
from django.template.loader import get_template

from teams import account_urls
from tests.doors.addresses import every_pattern
from tests.factories import UserFactory
from tests.people import signed_in

FROM_ALLAUTH = [pattern for pattern in account_urls.urlpatterns if pattern.name.startswith(("account_", "mfa_"))]
BY_HAND = ["account/verification_sent.html", "account/signup_closed.html", "account/email_change.html"]


def templates_of_allauth():
    for pattern in FROM_ALLAUTH:
        view = getattr(pattern.callback, "view_class", None)
        if view and getattr(view, "template_name", None):
            yield view.template_name
    yield from BY_HAND


@pytest.mark.parametrize("name", sorted(set(templates_of_allauth()) - {"account/signup.html"}))
def test_each_page_of_allauth_has_a_template_of_ours(name):
    assert get_template(name).backend.name == "jinja2"


def test_no_other_view_of_allauth_can_be_reached():
    reachable = [
        view for _, view in every_pattern() if "allauth" in getattr(getattr(view, "view_class", None), "__module__", "")
    ]

    assert len(reachable) > 20
    assert all(hasattr(view, "needs") for view in reachable)


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/name/",
        "/account/email/",
        "/account/password/set/",
        "/account/sessions/",
        "/account/absences/",
        "/account/2fa/",
        "/account/2fa/app/",
        "/account/2fa/keys/",
        "/account/2fa/keys/add/",
        "/account/2fa/codes/new/",
        "/account/logout/",
    ],
)
def test_a_page_of_one_s_own_opens(member, path):
    page = member.get(path)

    assert page.status_code == 200
    assert "<h1" in page.text
    assert 'style="' not in page.text


@pytest.mark.parametrize(
    "path",
    ["/account/login/", "/account/password/reset/", "/account/password/reset/done/", "/account/confirm-email/x:y:z/"],
)
def test_a_page_for_everybody_opens(client, db, path):
    UserFactory()

    assert client.get(path).status_code == 200


def test_somebody_without_a_session_is_sent_to_sign_in(client, db):
    assert client.get("/account/").url == "/account/login/?next=/account/"


def test_an_unknown_method_is_refused(client, db):
    assert client.generic("TRACE", "/account/login/").status_code == 405


def test_sign_in_again_while_signed_in_leads_to_today(db):
    assert signed_in(UserFactory()).get("/account/login/").url == "/"
