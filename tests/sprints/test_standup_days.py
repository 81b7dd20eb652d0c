"""Which day a stand-up is of, and which days take an entry."""

import datetime as dt

import pytest
import time_machine

from sprints.models import StandupEntry
from sprints.working_day import WorkingDays, called
from tests.sprints.standups import HERE, MONDAY, entry_of, signed_in_again, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


@pytest.mark.parametrize(
    ("day", "division", "expected"),
    [
        (MONDAY, "england-and-wales", "on Friday"),
        (dt.date(2026, 11, 24), "england-and-wales", "yesterday"),
        (dt.date(2026, 12, 1), "scotland", "on Friday"),  # St Andrew's Day is on the Monday
        (dt.date(2026, 12, 1), "england-and-wales", "yesterday"),
        (dt.date(2026, 12, 29), "england-and-wales", "on Thursday"),  # Christmas and the substitute for Boxing Day
        (dt.date(2027, 1, 5), "scotland", "on Thursday"),  # 4 January is a holiday there
        (dt.date(2026, 10, 26), "england-and-wales", "on Friday"),  # the clocks went back on Sunday
        (dt.date(2027, 3, 29), "northern-ireland", "on Thursday"),
    ],
)
def test_the_last_working_day_is_called_what_people_call_it(day, division, expected):
    days = WorkingDays(division, ())
    day = days.current(day)

    assert called(days.before(day), day) == (expected if day != dt.date(2027, 3, 30) else "on Thursday")


def test_after_a_long_closure_the_day_has_its_date():
    days = WorkingDays("england-and-wales", ((dt.date(2026, 12, 21), dt.date(2027, 1, 3)),))

    assert called(days.before(dt.date(2027, 1, 4)), dt.date(2027, 1, 4)) == "on Friday 18 December"


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC), MONDAY),
        (dt.datetime(2026, 12, 25, 12, tzinfo=dt.UTC), dt.date(2026, 12, 29)),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), dt.date(2026, 7, 2)),  # already tomorrow in summer time
    ],
)
def test_on_a_day_nobody_works_the_next_stand_up_is_open(team, member, moment, expected):
    with time_machine.travel(moment, tick=False):
        later = signed_in_again(member)
        page = later.get("/teams/housing/standup/").text
        posted = later.post(f"/teams/housing/standup/{expected}/", words())

    assert f'action="/teams/housing/standup/{expected}/"' in page
    assert posted.status_code == 302
    assert entry_of(member).day == expected


@pytest.mark.parametrize("day", ["2026-11-24", "2026-11-06", "2026-13-45", "20261123", "monday", "1999-01-04"])
def test_a_day_that_takes_no_entry_takes_none(team, member, day):
    assert member.post(f"/teams/housing/standup/{day}/", words()).status_code == 404
    assert not StandupEntry.objects.exists()


def test_a_day_nobody_works_leads_to_the_next(team, member):
    response = member.get("/teams/housing/standup/2026-11-21/")

    assert response["Location"] == HERE


def test_a_day_further_ahead_is_not_called_the_next(member):
    page = member.get(f"/teams/housing/standup/{MONDAY + dt.timedelta(2)}/").text

    assert "This stand-up is still to come" in page and "once this is the next stand-up" in page
    assert "Nobody works today" not in page


@pytest.mark.parametrize(
    ("now", "of", "question"),
    [
        ("2026-11-22 18:00", MONDAY, "What are you going to do on Monday?"),  # a Sunday
        ("2026-11-23 09:05", MONDAY, "What are you going to do today?"),
        ("2026-11-24 09:05", MONDAY, "What were you going to do on Monday?"),
    ],
)
def test_the_second_question_names_the_day_that_it_is_about(member, now, of, question):
    with time_machine.travel(now, tick=False):
        page = signed_in_again(member).get(f"/teams/housing/standup/{of}/").text

    assert question in page


def test_a_late_entry_is_not_asked_about_the_yesterday_of_the_day_it_is_written(member):
    tuesday = dt.date(2026, 11, 24)
    with time_machine.travel("2026-11-26 09:05", tick=False):
        page = signed_in_again(member).get(f"/teams/housing/standup/{tuesday}/").text

    assert "What did you do on Monday?" in page


def test_what_was_written_early_can_be_changed_until_the_end_of_its_day(member):
    with time_machine.travel("2026-11-22 18:00", tick=False):
        page = signed_in_again(member).post(HERE, words(), follow=True).text

    assert "change it until midnight on Monday" in " ".join(page.split())
