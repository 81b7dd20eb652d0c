"""Which letters a person wants: /account/letters/, and the way out of a letter, /unsubscribe/<token>/ (RFC 8058)."""

import re

import pytest
from django.core.management import call_command
from django.core.signing import Signer
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from teams import unsubscribing
from teams.mail import post, post_many
from teams.models import Change, Letter, OutgoingMail, SwitchedOff
from tests.factories import MembershipFactory, TeamFactory

LETTER = dict(subject="Hello", text="Dear Pat")
MAIL_PROGRAM = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def way_out(member, team):
    return unsubscribing.link(Letter.DIGEST, member.user.pk, team.pk).partition("8000")[2]


@pytest.fixture
def anybody():
    """A mail program: no cookies, no token of ours."""
    return Client(enforce_csrf_checks=True)


def gets_digest(member, team):
    return not SwitchedOff.objects.holds_back(Letter.DIGEST, member.user, team)


def test_a_kind_of_letter_is_switched_off_and_on(member):
    page = member.post("/account/letters/", {"kind": "blocker given", "on": "off"}, follow=True)

    assert "You no longer get this letter: Somebody gives me a blocker" in page.text
    assert post("blocker given", to=member.user.email, user=member.user, **LETTER) is None

    member.post("/account/letters/", {"kind": "blocker given", "on": "on"})
    assert post("blocker given", to=member.user.email, user=member.user, **LETTER)
    words = [change.words for change in Change.objects.about(member.user)]
    assert words == [f"switched {which} letters: Somebody gives me a blocker" for which in ("on", "off")]


def test_what_is_not_in_the_list_comes_always(member):
    for kind in Letter:
        if kind != Letter.DIGEST:
            SwitchedOff.objects.switch(kind, member.user, on=False)

    assert post("password reset", to=member.user.email, user=member.user, **LETTER)


def test_each_digest_has_a_switch_of_its_own(member, team):
    other = MembershipFactory(user=member.user, team=TeamFactory(name="Bereavement", slug="bereavement")).team

    page = member.post("/account/letters/", {"kind": "digest", "team": "bereavement", "on": "off"}, follow=True)

    assert 'Switch on<span class="govuk-visually-hidden"> Bereavement' in page.text
    assert gets_digest(member, team)
    assert not gets_digest(member, other)


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "password reset"}, {"kind": "digest"}, {"kind": "digest", "team": "elsewhere"}]
)
def test_only_own_letters_can_be_switched(member, sent):
    TeamFactory(slug="elsewhere")

    assert member.post("/account/letters/", sent | {"on": "off"}).status_code == 404
    assert not SwitchedOff.objects.exists()


def test_the_number_of_teams_does_not_cost_queries(member, at_most):
    for _ in range(5):
        MembershipFactory(user=member.user)

    with at_most(6):
        assert member.get("/account/letters/").text.count("Team ") >= 5


def test_looking_at_the_link_changes_nothing(member, team, way_out, anybody):
    for method in (anybody.get, anybody.head):
        assert method(way_out).status_code == 200

    assert "the morning digest of blockers of Housing" in anybody.get(way_out).text
    assert gets_digest(member, team)


def test_one_click_unsubscribes_without_sign_in_cookies_or_redirect(member, team, way_out, anybody):
    answer = anybody.post(way_out, MAIL_PROGRAM)

    assert answer.status_code == 200
    assert not gets_digest(member, team)
    assert anybody.post(way_out, MAIL_PROGRAM).status_code == 200  # mail programs may repeat themselves


def test_back_again(member, team, way_out):
    browser = Client()
    browser.post(way_out)

    page = browser.post(way_out + "back/", follow=True)

    assert "Stop these letters" in page.text
    assert gets_digest(member, team)


def test_only_unsubscribing_needs_no_proof_of_our_page(way_out, anybody):
    assert anybody.post(way_out + "back/").status_code == 403


def test_what_waits_to_be_sent_is_not_sent(member, team, way_out, anybody):
    waiting = post("digest", to=member.user.email, user=member.user, **LETTER)
    OutgoingMail.objects.update(team=team)

    anybody.post(way_out, MAIL_PROGRAM)

    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    call_command("send_mail_once")
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_who_leaves_a_team_gets_none_of_its_letters_that_still_wait(member, team, administrator):
    waiting = post("digest", to=member.user.email, user=member.user, **LETTER)
    OutgoingMail.objects.update(team=team)

    team.memberships.get(user=member.user).leave(by=administrator.user)

    waiting.refresh_from_db()
    assert waiting.state == "cancelled"


def test_a_tampered_link_does_not_exist(member, team, way_out, anybody):
    token = way_out.split("/")[2]
    body, signature = token.split(":")
    other = unsubscribing.link(Letter.DIGEST, member.user.pk + 1, team.pk).split("/")[-2].split(":")[0]
    wrong = [body, f"{other}:{signature}", f"{body}:{signature[:-1]}", token[::-1], f"{token}x", "x" * 500]
    wrong += [f"{body}:{signature[:n]}{'A' if signature[n] != 'A' else 'B'}{signature[n + 1 :]}" for n in range(43)]

    for one in wrong[:-43] + wrong[-43:-1]:  # the last letter of base64 carries fewer bits than six
        assert anybody.post(f"/unsubscribe/{one}/", MAIL_PROGRAM).status_code == 404, one
    assert gets_digest(member, team)


def test_a_link_of_another_purpose_does_not_open_this_door(member, anybody):
    foreign = Signer(salt="elsewhere").sign_object(["digest", member.user.pk, None])

    assert anybody.post(f"/unsubscribe/{foreign}/").status_code == 404


def test_headings_of_a_regular_letter(settings, member, team):
    settings.REPLY_TO_EMAIL = "Throughline <help@ambleford.example>"
    link = unsubscribing.link(Letter.DIGEST, member.user.pk, team.pk)

    headings = unsubscribing.headings(link, "housing.digest", "Unsubscribe from Housing")

    assert headings["List-Unsubscribe"] == (
        f"<{link}>, <mailto:help@ambleford.example?subject=Unsubscribe%20from%20Housing>"
    )
    assert headings["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headings["Reply-To"] == settings.REPLY_TO_EMAIL
    assert headings["List-Id"] == "<housing.digest.localhost>"
    assert re.fullmatch(r"http://localhost:\d+/unsubscribe/[\w:-]+/", link)


def test_many_letters_are_one_statement_and_none_is_queued_twice(member, at_most, team):
    now = timezone.now()

    def queue():
        post_many(
            [OutgoingMail(kind="digest", to=f"{n}@a.example", dedupe=f"digest-1-{n}", **LETTER) for n in range(50)],
            made_at=now,
            give_up_at=now,
        )

    with at_most(1):
        queue()
    queue()

    assert OutgoingMail.objects.count() == 50


def test_a_digest_is_of_a_team_and_nothing_else_is(member, team):
    for kind, of in (("digest", None), ("blocker given", team)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SwitchedOff.objects.create(user=member.user, kind=kind, team=of)
