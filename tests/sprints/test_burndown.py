"""The figures alone: no database."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sprints.burndown import Step, burndown, even_pace, ledger, number_of, velocity
from teams.calendar import working_days_between

LONDON = ZoneInfo("Europe/London")
DIVISION = "england-and-wales"
EASTER = working_days_between(dt.date(2027, 3, 22), dt.date(2027, 4, 5), DIVISION)  # Good Friday, Monday and the clocks
START = dt.datetime(2027, 3, 22, 9, 30, tzinfo=LONDON)


def at(day, clock="12:00"):
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)


def sealed(*points):
    return [Step(START, f"HOU-{n}", one) for n, one in enumerate(points, 1)]


def left(days):
    return [day.left for day in days]


def test_easter_takes_two_days_and_two_weekends_out():
    assert [day.day for day in EASTER] == [22, 23, 24, 25, 30, 31, 1, 2, 5]


def test_nothing_done_is_a_level_line():
    days = burndown(sealed(3, 5), EASTER, START, EASTER[2])

    assert left(days) == [8, 8, 8, 8] + [None] * 6


def test_work_of_bank_holidays_and_weekends_shows_on_the_next_working_day():
    done_on_good_friday = Step(at("2027-03-26"), "HOU-1", 3, done=True)

    days = burndown([*sealed(3, 5), done_on_good_friday], EASTER, START, EASTER[-1])

    assert left(days) == [8, 8, 8, 8, 8, 5, 5, 5, 5, 5]


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        (at("2027-03-25", "23:59"), 4),
        (at("2027-03-26", "00:00"), 5),
        (dt.datetime(2027, 3, 30, 22, 59, tzinfo=dt.UTC), 5),  # 23:59 in summer time
        (dt.datetime(2027, 3, 30, 23, 1, tzinfo=dt.UTC), 6),  # 00:01 of the next day in summer time
        (at("2027-03-21"), 1),
        (at("2027-04-05", "23:59"), 9),
        (at("2027-04-09"), 9),
    ],
)
def test_a_moment_counts_for_one_local_working_day(moment, number):
    assert number_of(moment, EASTER) == number


def test_scope_that_grows_and_shrinks_is_marked_on_its_day():
    steps = [
        *sealed(3, 5),
        Step(at("2027-03-23"), "HOU-9", 2),
        Step(at("2027-03-24"), "HOU-2", 5, inside=False),
        Step(at("2027-03-24", "15:00"), "HOU-1", 8),
    ]

    days = burndown(steps, EASTER, START, EASTER[3])

    assert left(days)[:5] == [8, 8, 10, 10, 10]
    assert [day.scope_changes for day in days[1:5]] == [[], [("HOU-9", 2)], [("HOU-2", -5), ("HOU-1", 5)], []]


def test_a_reopened_story_is_left_again():
    steps = [
        *sealed(3, 5),
        Step(at("2027-03-23"), "HOU-1", 3, done=True),
        Step(at("2027-03-24"), "HOU-1", 3),
    ]

    assert left(burndown(steps, EASTER, START, EASTER[2]))[:4] == [8, 8, 5, 8]


def test_a_done_story_that_leaves_takes_its_done_points_along():
    steps = [
        *sealed(3, 5),
        Step(at("2027-03-23"), "HOU-1", 3, done=True),
        Step(at("2027-03-24"), "HOU-1", 3, inside=False, done=True),
    ]

    days = burndown(steps, EASTER, START, EASTER[2])

    assert [(day.scope, day.done) for day in days[:4]] == [(8, 0), (8, 0), (8, 3), (5, 0)]


def test_the_ledger_can_be_added_up_by_hand():
    lines = ledger([*sealed(3, 5), Step(at("2027-03-23"), "HOU-2", 5, done=True)])

    assert [(one.scope_by, one.done_by, one.scope, one.done, one.left) for one in lines] == [
        (3, 0, 3, 0, 3),
        (5, 0, 8, 0, 8),
        (0, 5, 8, 5, 3),
    ]


def test_an_even_pace_ends_at_nothing():
    pace = even_pace(30, EASTER)

    assert (pace[0], round(pace[-1], 9), len(pace)) == (30, 0, 10)


def test_velocity_is_a_range_of_the_last_three():
    assert velocity([12, 19, 15, 40]) == (12, 19)
    assert velocity([]) is None


moments = st.datetimes(dt.datetime(2027, 3, 20), dt.datetime(2027, 4, 20), timezones=st.just(dt.UTC))
steps = st.builds(
    Step,
    at=moments,
    story=st.sampled_from(["A", "B", "C", "D"]),
    points=st.sampled_from([1, 2, 3, 5, 8, 13]),
    inside=st.booleans(),
    done=st.booleans(),
)


@given(st.lists(steps, max_size=30))
def test_the_last_day_is_what_the_last_line_of_the_ledger_says(found):
    lines = ledger(found)
    last = burndown(found, EASTER, START, dt.date(2027, 5, 1))[-1]

    assert (last.scope, last.done) == ((lines[-1].scope, lines[-1].done) if lines else (0, 0))


@given(st.lists(steps, max_size=30), st.sampled_from(EASTER))
def test_scope_is_what_was_sealed_and_every_change_marked_since(found, today):
    start, *days = burndown(found, EASTER, START, today)

    seen = start.scope
    for day in [one for one in days if one.date <= today]:
        seen += day.scope_by
        assert day.scope == seen
        assert 0 <= day.left <= day.scope


@given(st.lists(steps, max_size=30))
def test_what_is_to_come_is_not_drawn_and_what_was_drawn_stays(found):
    whole = burndown(found, EASTER, START, EASTER[-1])
    half = burndown(found, EASTER, START, EASTER[3])

    assert left(half)[:5] == left(whole)[:5]
    assert left(half)[5:] == [None] * 5


@given(st.lists(steps, max_size=10))
def test_a_step_comes_back_from_its_record_as_it_was(found):
    assert [Step.from_json(one.to_json()) for one in found] == found
