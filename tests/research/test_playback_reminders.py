"""Reminders to answer: before the day to reply by and after it, once each, only to who has not answered."""

import datetime as dt

import pytest
import time_machine

from research.models import Response
from research.playback_reminders import which
from research.tasks import remind_reviewers
from teams.models import Letter, SwitchedOff
from teams.models.mail import OutgoingMail
from tests.factories import service_lead_of, shared_playback

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 23)
REPLY_BY = dt.date(2026, 11, 27)


@pytest.fixture
def lead(team):
    return service_lead_of(team)


@pytest.fixture
def shared(team, product_owner, lead):
    with on(MONDAY):
        return shared_playback(team, product_owner.user, reviewers=[lead], reply_by=REPLY_BY)


def on(day):
    return time_machine.travel(dt.datetime(day.year, day.month, day.day, 7, tzinfo=dt.UTC), tick=False)


def each_morning(first, days):
    for n in range(days):
        with on(first + dt.timedelta(n)):
            remind_reviewers()
            remind_reviewers()
    return [letter.subject for letter in OutgoingMail.objects.filter(kind="playback reminder").order_by("pk")]


def test_one_letter_before_and_one_after(shared):
    subjects = each_morning(MONDAY, 15)

    assert subjects == ["Housing: please answer by 27 November", "Housing: your answers were due by 27 November"]
    assert "You have answered 0 of 3 items" in OutgoingMail.objects.filter(kind="playback reminder").first().text


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (dt.date(2026, 11, 24), ""),  # three working days before
        (dt.date(2026, 11, 25), "before"),
        (dt.date(2026, 11, 27), "before"),
        (dt.date(2026, 11, 28), ""),  # a Saturday
        (dt.date(2026, 11, 30), "after"),
    ],
)
def test_days_are_working_days(today, words):
    assert which(REPLY_BY, today, "england-and-wales", ()) == words


def test_who_has_answered_hears_nothing(shared):
    for item in shared.items.all():
        Response.objects.answer(shared.reviewers.get(), item, "agree")

    assert each_morning(MONDAY, 15) == []


def test_they_can_be_switched_off(shared, lead):
    SwitchedOff.objects.switch(Letter.PLAYBACK_REMINDER, lead, on=False)

    assert each_morning(MONDAY, 15) == []


@pytest.mark.parametrize("why", ["no longer asked", "left the service", "archived", "closed"])
def test_nobody_is_reminded_of_what_they_cannot_answer(shared, lead, product_owner, why):
    if why == "no longer asked":
        shared.stop_asking(shared.reviewers.get(), by=product_owner.user)
    elif why == "left the service":
        lead.led_services.all().delete()
    elif why == "archived":
        shared.team.__class__.objects.update(archived_at=shared.created_at)
    else:
        shared.__class__.objects.update(state="closed", closed_at=shared.created_at, closed_by=product_owner.user)

    assert each_morning(MONDAY, 15) == []


def test_who_was_asked_today_is_not_reminded_today(shared, team, product_owner):
    with on(REPLY_BY):
        shared.ask([service_lead_of(team)], by=product_owner.user)
        remind_reviewers()

    assert OutgoingMail.objects.filter(kind="playback reminder").count() == 1
