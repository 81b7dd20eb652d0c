"""The digest in a browser: read it, set its hour, get a test, stop it from the letter; with scripts and without."""

import datetime as dt
import os
import threading
from pathlib import Path

import pytest
from django.utils import timezone

from sprints.models import DigestRun
from sprints.morning import send_due
from sprints.sending import USUAL
from teams.calendar import LOCAL, next_working_day, working_days_after
from teams.mail import send_waiting
from teams.models import Letter, OutgoingMail, SwitchedOff
from teams.writing import message_id
from tests.browser.ways import WAYS
from tests.factories import owned_blocker, raised_blocker
from tests.faults.sink import Sink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def blocked(team, member, delivery_manager, service_lead):
    by = delivery_manager.user
    raised_blocker(team, member.user, title="No figures for late offer letters")
    owned_blocker(team, by, title="Two repairs call-centre interviews not released", risks_goal=True)
    asked = owned_blocker(team, by, title="Offline pack waiting for the corporate design team’s review")
    asked.escalate(service_lead.user, "Ask them to look at it", timezone.localdate(), by=by)
    return team


@pytest.fixture
def look(axe, tmp_path):
    folder = Path(os.environ.get("SHOTS", tmp_path))

    def check(page, name):
        axe(page)
        page.screenshot(path=folder / f"{name}-{page.viewport_size['width']}.png", full_page=True)

    return check


@pytest.fixture
def mail_server(settings, tmp_path):
    """A real one, that takes every letter: its ledger."""
    with Sink(tmp_path / "ledger", 1, {}, 0) as sink:
        settings.EMAIL_HOST, settings.EMAIL_PORT = sink.server_address
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        yield tmp_path / "ledger"
        sink.shutdown()


@WAYS
def test_a_delivery_manager_sets_and_tries_it(visit, look, delivery_manager, blocked, width, settings, mail_server):
    settings.DEMO = True  # whose mailbox shows the letter
    page = visit(delivery_manager, width)
    page.goto("/teams/housing/blockers/")
    page.get_by_role("link", name="Digest").click()
    page.get_by_role("heading", name="Risks the sprint goal").wait_for()
    look(page, "digest")

    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_label("Time").fill("11:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look(page, "digest-mistake")
    page.get_by_label("Time").fill("07:45")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The digest of Housing is saved").wait_for()
    page.goto("/teams/housing/digest/")
    page.get_by_text("At 7:45am on each working day").wait_for()

    page.get_by_role("button", name="Send me a test").click()
    page.get_by_text(f"A test is on its way to {delivery_manager.user.email}").wait_for()
    send_waiting()
    test = OutgoingMail.objects.get(kind="digest test", to=delivery_manager.user.email, state="sent")
    assert f"accepted {message_id(test)}\n" in mail_server.read_text()
    page.goto("/mail/")
    page.get_by_role("link", name="Test: Housing: 3 blockers, 1 risks the sprint goal").click()
    page.get_by_text("Two repairs call-centre interviews not released").wait_for()
    look(page, "digest-letter")
    assert all("422" in one for one in visit.trouble)  # the one mistake


@WAYS
def test_a_member_looks_at_other_days(visit, look, member, blocked, width):
    today = timezone.localdate()
    christmas = dt.date(today.year + (today > dt.date(today.year, 12, 25)), 12, 25)
    day = next_working_day(today + dt.timedelta(days=7), blocked.division)
    page = visit(member, width)
    page.goto("/teams/housing/digest/")

    page.get_by_label("Day").fill(christmas.isoformat())
    page.get_by_role("button", name="Show").click()
    page.get_by_text("Housing does not work on this day").wait_for()
    look(page, "digest-day-off")

    page.get_by_label("Day").fill(day.isoformat())
    page.get_by_role("button", name="Show").click()
    page.get_by_text("This would go as things stand now").wait_for()
    age = f"Open for {working_days_after(today, day, blocked.division)} working days"
    assert age in page.get_by_role("article", name="The letter").inner_text()
    page.get_by_text("The same as plain text").click()
    page.get_by_label("The letter as plain text").get_by_text("No figures for late offer letters").wait_for()
    look(page, "digest-another-day")
    assert page.get_by_role("button", name="Send me a test").count() == 0  # that is for who looks after it
    assert visit.trouble == []


@WAYS
def test_somebody_stops_it_from_the_letter_and_starts_it_again(visit, look, member, blocked, width, settings):
    settings.DEMO = True
    morning = next_working_day(timezone.localdate(), blocked.division)
    send_due(dt.datetime.combine(morning, USUAL, LOCAL))
    letter = OutgoingMail.objects.get(kind="digest", user=member.user)
    page = visit(member, width)
    page.goto(f"/mail/{letter.pk}/")
    page.goto(page.get_by_role("link", name="/unsubscribe/").inner_text().partition("8000")[2])
    look(page, "unsubscribe")

    page.get_by_role("button", name="Stop these letters").click()
    page.get_by_role("heading", name="You are unsubscribed").wait_for()
    look(page, "unsubscribed")
    assert SwitchedOff.objects.holds_back(Letter.DIGEST, member.user, blocked)
    page.get_by_role("button", name="Get it again").click()
    page.get_by_role("button", name="Stop these letters").wait_for()

    page.get_by_role("link", name="your account").click()
    page.get_by_role("button", name="Switch off Housing").click()
    page.get_by_text("You no longer get this letter").wait_for()
    look(page, "account-letters")
    assert visit.trouble == []


@WAYS
def test_a_doubtful_letter_is_seen_and_sent_again(visit, look, delivery_manager, member, blocked, width):
    morning = next_working_day(timezone.localdate(), blocked.division)
    send_due(dt.datetime.combine(morning, USUAL, LOCAL))
    doubtful = OutgoingMail.objects.filter(kind="digest", user=member.user)
    doubtful.update(state="unknown", problem="The mail server did not say whether it took it (TimeoutError)")
    page = visit(delivery_manager, width)
    page.goto("/")
    page.get_by_role("heading", name="Letters of the digest").wait_for()
    look(page, "today-in-doubt")
    page.get_by_role("link", name="See to whom in Housing").click()
    page.get_by_text("1 letter in doubt").wait_for()
    look(page, "digest-log")

    page.get_by_role("button", name="Send again to Team member").click()

    page.get_by_text("The letter to Team member is on its way again").wait_for()
    assert doubtful.get().state == "waiting"
    assert visit.trouble == []


@WAYS
def test_an_administrator_sees_how_the_morning_goes(visit, look, administrator, member, blocked, width):
    morning = next_working_day(timezone.localdate(), blocked.division)
    send_due(dt.datetime.combine(morning, USUAL, LOCAL))
    DigestRun.objects.update(on=timezone.localdate())
    OutgoingMail.objects.update(made_at=timezone.now(), state="sent")
    OutgoingMail.objects.filter(user=member.user).update(state="failed")
    page = visit(administrator, width)
    page.goto(blocked.programme.get_absolute_url())
    if width == 320:
        page.get_by_text("Menu").click()
    page.get_by_role("link", name="Digests").locator("visible=true").click()
    page.get_by_role("heading", name="Digests").wait_for()
    look(page, "programme-digests")

    page.get_by_role("link", name="Change the digest of Housing").click()

    page.get_by_role("heading", name="Settings of the digest").wait_for()
    assert visit.trouble == []
