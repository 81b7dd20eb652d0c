"""Cumulative flow, cycle time and capacity alone: no database."""

import datetime as dt
from zoneinfo import ZoneInfo

from sprints.capacity import person_days, presences
from sprints.flow import cumulative_flow, cycle_time, typical
from teams.calendar import working_days_between

LONDON = ZoneInfo("Europe/London")
DAYS = working_days_between(dt.date(2026, 12, 21), dt.date(2026, 12, 30), "england-and-wales")


def at(day, hour=12):
    return dt.datetime(2026, 12, day, hour, tzinfo=LONDON)


def test_flow_is_counted_back_from_what_stands_where_now():
    moves = [
        (at(21), "backlog", "ready"),
        (at(22), "ready", "in_progress"),
        (at(26), "in_progress", "in_review"),
        (at(29), "in_review", "done"),
    ]

    flow = cumulative_flow({"ready": 2}, moves, DAYS)

    assert [day.date.day for day in flow] == [21, 22, 23, 24, 29, 30]
    assert [day.counts["ready"] for day in flow] == [3, 2, 2, 2, 2, 2]
    assert [day.counts["in_progress"] for day in flow] == [0, 1, 1, 1, 0, 0]
    assert [day.counts["in_review"] for day in flow] == [0] * 6
    assert [day.counts["done"] for day in flow] == [0, 0, 0, 0, 1, 1]


def test_what_was_reopened_is_no_longer_done():
    moves = [(at(21), "sign_off", "done"), (at(23), "done", "in_progress")]

    flow = cumulative_flow({"in_progress": 1}, moves, DAYS[:3])

    assert [day.counts["done"] for day in flow] == [1, 1, 0]


def test_cycle_time_counts_both_ends_and_no_holidays():
    assert cycle_time(at(21), at(21, 17), "england-and-wales") == 1
    assert cycle_time(at(24), at(29), "england-and-wales") == 2
    assert cycle_time(at(26), at(27), "england-and-wales") == 1  # a weekend's work still took a day


def test_what_is_typical():
    assert typical([]) == {}
    assert typical([4, 1, 2, 9]) == {"count": 4, "median": 3, "most": 9, "longest": 9}
    assert typical([1, 2])["median"] == 1.5


def test_capacity_is_working_days_less_those_away():
    people = [(1, "Wren", [0, 1, 2, 3, 4]), (2, "Hal", [0, 1, 2, 3, 4])]
    absences = [(1, dt.date(2026, 12, 23), dt.date(2026, 12, 29)), (1, dt.date(2026, 12, 24), dt.date(2026, 12, 24))]

    found = presences(people, DAYS, [*absences, (3, DAYS[0], DAYS[-1])])

    assert [(one.name, one.there, one.away) for one in found] == [("Wren", 3, 3), ("Hal", 6, 0)]
    assert person_days(found) == 9


def test_capacity_counts_only_the_days_that_part_time_people_work():
    wednesdays = [(1, "Wren", [2])]

    found = presences(wednesdays, DAYS, [(1, dt.date(2026, 12, 21), dt.date(2026, 12, 25))])

    assert [(one.days, one.away) for one in found] == [(2, 1)]
