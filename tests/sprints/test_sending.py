"""P30: when a digest goes. Ten years of mornings, the clocks going forward and back, and the edges of the window."""

import datetime as dt
import random

import holidays
import pytest

from sprints.sending import Hours, given_up_at, given_up_between, hour_for, is_morning, latest_for
from teams.calendar import LOCAL

DIVISIONS = {"england-and-wales": "ENG", "scotland": "SCT", "northern-ireland": "NIR"}
HALF_PAST_EIGHT = dt.time(8, 30)


def local(*parts):
    return dt.datetime(*parts, tzinfo=LOCAL)


def ticks(first, last, step):
    """Moments in UTC, as beat counts them."""
    at, end = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (first, last))
    while at < end:
        yield at
        at += step


@pytest.mark.parametrize("division", DIVISIONS)
def test_p30_ten_years_have_one_digest_each_working_day(division):
    first, last = dt.date(2026, 1, 1), dt.date(2036, 1, 1)
    hours = Hours(HALF_PAST_EIGHT, division, closures=((dt.date(2027, 6, 7), dt.date(2027, 6, 9)),))
    runs, sent = set(), []

    for now in filter(hours.is_due, ticks(first, last, dt.timedelta(minutes=20))):
        at = now.astimezone(LOCAL)
        if at.date() not in runs:
            runs.add(at.date())
            sent.append(at)

    assert [at.date() for at in sent] == working_days(division, first, last)
    assert {at.time() for at in sent} == {dt.time(8, 40)}
    assert len(sent) > 2500


def working_days(division, first, last):
    """The same by another way: day by day, from the library's own list and the one closure."""
    off = holidays.country_holidays("GB", subdiv=DIVISIONS[division], years=range(first.year, last.year))
    closed = {dt.date(2027, 6, day) for day in (7, 8, 9)}
    days = [first + dt.timedelta(n) for n in range((last - first).days)]
    return [day for day in days if day.isoweekday() < 6 and day not in off and day not in closed]


@pytest.mark.parametrize(
    ("division", "off", "on"),
    [
        ("england-and-wales", ["2026-12-25", "2026-12-28", "2027-01-01", "2027-03-29", "2027-08-30"], ["2026-11-30"]),
        ("scotland", ["2026-11-30", "2027-01-04", "2027-08-02"], ["2027-03-29", "2027-08-30"]),
        ("northern-ireland", ["2027-03-17", "2027-07-12"], ["2027-01-04"]),
    ],
)
def test_bank_holidays_are_the_divisions_own(division, off, on):
    hours = Hours(HALF_PAST_EIGHT, division)

    assert not [day for day in off if hours.is_due(local(*map(int, day.split("-")), 9))]
    assert all(hours.is_due(local(*map(int, day.split("-")), 9)) for day in on)


@pytest.mark.parametrize("day", [dt.date(2027, 3, 26), dt.date(2027, 3, 30), dt.date(2026, 10, 26)])
def test_half_past_eight_is_half_past_eight_on_both_sides_of_a_clock_change(day):
    hours = Hours(HALF_PAST_EIGHT, "scotland")
    half_past = dt.datetime.combine(day, HALF_PAST_EIGHT, LOCAL).astimezone(dt.UTC)

    assert hours.is_due(half_past) == hours.works_on(day)
    assert not hours.is_due(half_past - dt.timedelta(seconds=1))


def test_the_window_ends_at_eleven():
    hours = Hours(dt.time(10), "england-and-wales")

    assert not hours.is_due(local(2026, 11, 23, 9, 59, 59))
    assert hours.is_due(local(2026, 11, 23, 10))
    assert hours.is_due(local(2026, 11, 23, 10, 59, 59))
    assert not hours.is_due(local(2026, 11, 23, 11))


def test_nothing_is_due_when_it_is_no_morning():
    for now in ticks(dt.date(2026, 10, 23), dt.date(2026, 10, 28), dt.timedelta(minutes=7)):
        if not is_morning(now):
            assert not Hours(dt.time(6), "england-and-wales").is_due(now)
    assert is_morning(local(2026, 11, 23, 6)) and not is_morning(local(2026, 11, 22, 9))


@pytest.mark.parametrize(
    ("chosen", "standup", "goes"),
    [
        ("08:30", "09:15", "08:30"),
        ("09:00", "09:15", "09:00"),
        ("09:10", "09:15", "09:00"),
        ("10:00", "14:00", "10:00"),
        ("08:30", "06:10", "06:00"),
        ("06:00", "00:05", "06:00"),
    ],
)
def test_it_can_be_read_before_the_stand_up(chosen, standup, goes):
    assert hour_for(*map(dt.time.fromisoformat, (chosen, standup))) == dt.time.fromisoformat(goes)


def test_the_latest_hour_for_any_stand_up_is_within_the_window():
    for minute in range(24 * 60):
        standup = dt.time(minute // 60, minute % 60)
        assert dt.time(6) <= latest_for(standup) <= dt.time(10)


def test_days_whose_eleven_oclock_has_passed():
    friday, monday = local(2026, 11, 20, 11), local(2026, 11, 23, 11)
    second = dt.timedelta(seconds=1)

    assert given_up_between(friday - second, friday) == [dt.date(2026, 11, 20)]
    assert given_up_between(friday, friday + second) == []
    assert len(given_up_between(friday, monday)) == 3
    assert given_up_between(monday, friday) == []  # the clock was put back


def test_each_day_is_given_up_once_however_the_ticks_fall():
    dice, at = random.Random(7), local(2026, 1, 1)
    days = []
    while at.year < 2028:
        then, at = at, at + dt.timedelta(minutes=dice.choice([1, 1, 5, 600, 4000]))
        days += given_up_between(then.astimezone(dt.UTC), at.astimezone(dt.UTC))

    assert days == [dt.date(2026, 1, 1) + dt.timedelta(n) for n in range(len(days))]
    assert given_up_at(days[-1]) <= at
