"""/teams/<team>/digest/: what it says, when it goes, a test, and what went when."""

import datetime as dt
import html
import re

import pytest

from sprints.models import DigestRun, DigestSettings
from sprints.morning import send_due
from teams.models import Change, OutgoingMail
from tests.factories import TeamFactory
from tests.people import signed_in
from tests.sprints.mornings import FRIDAY, MONDAY, at, digests, during, raised

PAGE, LOG, SETTINGS = (f"/teams/housing/digest/{what}" for what in ("", "log/", "settings/"))


@pytest.fixture
def blocked(team, member, delivery_manager):
    raised(team, member.user, title="No figures & no <reply>")
    return team


def plain(page):
    return html.unescape(re.search(r"<pre[^>]*>(.*?)</pre>", page.text, re.DOTALL)[1])


def page_on(client, day):
    with during(MONDAY, 7):
        return signed_in(client.user).get(PAGE, {"on": day.isoformat()})


def test_the_preview_is_the_letter_byte_for_byte_before_and_after(blocked, member):
    before = page_on(member, MONDAY)
    send_due(at(MONDAY))
    letter = digests().get(user=member.user)
    with during(MONDAY, 9):
        raised(blocked, member.user, title="Raised later")
    after = page_on(member, MONDAY)

    body = letter.html.partition("</h1>\n")[2].partition("\n</body>")[0]
    for page in (before, after):
        assert plain(page) == letter.text
        assert body in page.content.decode()
        assert html.escape(letter.subject) in page.text
    assert "This would go as things stand now" in before.text
    assert "This went at 8:30am" in after.text


def test_it_opens_on_the_next_morning_and_says_who_gets_it(blocked, member, delivery_manager):
    delivery_manager.user.absences.create(starts_on=MONDAY, ends_on=MONDAY)
    with during(FRIDAY, 15):
        page = member.get(PAGE)

    assert "Monday 23 November 2026</h2>" in page.text
    assert "1 person on this day" in page.text
    assert "<li>Delivery manager</li>" not in page.text


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 22), "Housing does not work on this day"),
        (dt.date(2026, 12, 28), "Housing does not work on this day"),
        (dt.date(2026, 11, 19), "No digest was made on this day"),
    ],
)
def test_a_day_without_a_digest_says_why(blocked, member, day, words):
    assert words in page_on(member, day).text


def test_an_empty_day_says_that_no_letter_goes(team, member):
    assert "so no letter would go" in page_on(member, MONDAY).text
    send_due(at(MONDAY))
    assert "Nothing to report." in page_on(member, MONDAY).text


def test_words_that_are_no_longer_kept(blocked, member):
    send_due(at(MONDAY))
    DigestRun.objects.update(says=None)

    assert "Its words are kept for 30 days" in page_on(member, MONDAY).text


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-13-45", "0001-01-01", "9999-12-31", "2" * 500])
def test_a_day_that_is_none_is_a_mistake(team, member, day):
    page = member.get(PAGE, {"on": day})

    assert page.status_code == 422
    assert "There is a problem" in page.text


def test_the_page_costs_the_same_for_many_blockers(blocked, member, at_most):
    for _ in range(10):
        raised(blocked, member.user)

    with at_most(24):  # of which seven are the sign-in
        page_on(member, MONDAY)


# Settings


def settings_of(team):
    return DigestSettings.objects.of(team)


def test_the_delivery_manager_sets_the_hour(team, delivery_manager):
    page = delivery_manager.post(SETTINGS, {"send_at": "09:00", "is_on": "True", "version": 1}, follow=True)

    assert "The digest of Housing is saved" in page.text
    assert settings_of(team).hour == dt.time(9)
    assert Change.objects.about(team).first().words == "changed the hour of the digest from 8:30am to 9:00am"


@pytest.mark.parametrize("hour", ["05:59", "09:16", "10:01", "23:00"])
def test_an_hour_outside_the_window_or_too_near_the_stand_up_is_refused(team, delivery_manager, hour):
    page = delivery_manager.post(SETTINGS, {"send_at": hour, "is_on": "True", "version": 1})

    assert page.status_code == 422
    assert "Enter a time from 6:00am to 9:15am" in page.text
    assert not DigestSettings.objects.exists()


def test_two_who_save_at_once_see_both_answers(team, delivery_manager):
    delivery_manager.post(SETTINGS, {"send_at": "09:00", "is_on": "True", "version": 1})
    page = delivery_manager.post(SETTINGS, {"send_at": "07:00", "is_on": "False", "version": 1})

    assert page.status_code == 409
    assert 'value="07:00"' in page.text and "09:00" in page.text
    assert settings_of(team).send_at == dt.time(9)


def test_switched_off_is_said_on_the_page(blocked, delivery_manager):
    delivery_manager.post(SETTINGS, {"send_at": "08:30", "is_on": "False", "version": 1})

    assert "The digest is switched off" in page_on(delivery_manager, MONDAY).text
    assert Change.objects.about(blocked).first().words == "changed the digest from on to off"


def test_an_administrator_sets_the_hour_and_reads_nothing(team, administrator):
    assert administrator.get(SETTINGS).status_code == 200
    assert administrator.get(PAGE).status_code == 403
    assert administrator.post(PAGE + "test/").status_code == 403


# A test, and what went when


def test_send_me_a_test_goes_to_me_alone(blocked, delivery_manager):
    page = delivery_manager.post(PAGE + "test/", follow=True)

    assert f"A test is on its way to {delivery_manager.user.email}" in page.text
    letter = OutgoingMail.objects.get()
    assert (letter.kind, letter.to) == ("digest test", delivery_manager.user.email)
    assert letter.subject.startswith("Test: Housing: 1 blocker – ")
    assert "No figures" in letter.text
    assert not DigestRun.objects.exists()


def test_a_member_cannot_send_tests(blocked, member):
    assert member.post(PAGE + "test/").status_code == 403
    assert not OutgoingMail.objects.exists()


def test_the_log_says_what_became_of_each_letter(blocked, member, delivery_manager, at_most):
    send_due(at(FRIDAY, 8))
    send_due(at(MONDAY))
    OutgoingMail.objects.filter(user=member.user).update(state="unknown", problem="The worker stopped")

    for client, may in ((member, False), (delivery_manager, True)):
        with at_most(8):
            page = client.get(LOG)
        assert "Nobody knows whether it arrived: The worker stopped" in page.text
        assert "1 letter in doubt" in page.text
        assert ("Send again" in page.text) == may


def test_a_doubtful_letter_is_sent_again_by_a_person_only(blocked, member, delivery_manager):
    send_due(at(MONDAY))
    letter = digests().get(user=member.user)
    again = f"{LOG}{letter.pk}/again/"

    assert "can be sent again" in delivery_manager.post(again, follow=True).text  # it waits already
    OutgoingMail.objects.filter(pk=letter.pk).update(state="unknown")
    assert member.post(again).status_code == 403
    assert "on its way again" in delivery_manager.post(again, follow=True).text

    letter.refresh_from_db()
    assert letter.state == "waiting"
    assert "to Team member again" in Change.objects.about(blocked).first().words


def test_no_letter_is_sent_again_to_somebody_who_left(blocked, member, delivery_manager):
    send_due(at(MONDAY))
    letter = digests().get(user=member.user)
    OutgoingMail.objects.filter(pk=letter.pk).update(state="unknown")
    member.user.memberships.get().leave(by=delivery_manager.user)

    assert "Team member has left" in delivery_manager.post(f"{LOG}{letter.pk}/again/", follow=True).text

    letter.refresh_from_db()
    assert letter.state == "unknown"


def test_the_letter_of_another_team_cannot_be_named(blocked, delivery_manager):
    other = OutgoingMail.objects.create(
        kind="digest",
        to="a@b.example",
        subject="S",
        text="T",
        team=TeamFactory(),
        give_up_at=at(MONDAY),
        state="failed",
    )

    assert delivery_manager.post(f"{LOG}{other.pk}/again/").status_code == 404


def test_the_log_goes_on_page_by_page(team, member):
    for n in range(15):
        DigestRun.objects.create(
            team=team, on=MONDAY - dt.timedelta(n), state="skipped", why="Nothing to report",
            cut_off=at(MONDAY - dt.timedelta(n)), made_by="a" * 32,
        )  # fmt: skip

    first = member.get(LOG)
    older = re.search(r'href="([^"]+)">Older', first.text)[1]
    second = member.get(older.replace("&amp;", "&"))

    assert first.text.count("Nothing to report") == 10
    assert second.text.count("Nothing to report") == 5
    assert member.get(LOG, {"before": "nonsense"}).text.count("Nothing to report") == 10
