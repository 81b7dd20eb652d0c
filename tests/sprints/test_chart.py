"""Charts as coordinates and as sentences: no database."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sprints.burndown import Day
from sprints.chart import BOTTOM, TOP, Scale, draw_burndown, draw_flow, draw_times, say_burndown
from sprints.flow import COLUMNS, FlowDay


def days(*sums, to_come=0):
    """Day 0 and on from (scope, done) pairs."""
    known = [Day(n, None, scope, done) for n, (scope, done) in enumerate(sums)]
    return known + [Day(len(sums) + n, None) for n in range(to_come)]


def test_the_line_goes_from_the_top_left_to_the_ground():
    drawing = draw_burndown(days((10, 0), (10, 5), (10, 10)))

    assert drawing["line"] == "M34.0 16.0L214.0 67.0L394.0 118.0"
    assert drawing["pace"] == "M34.0 16.0L394.0 118.0"
    assert drawing["last"]["left"] == 0


def test_a_change_of_scope_is_a_step_straight_up():
    found = days((10, 0), (13, 0), to_come=1)
    found[1].scope_changes = [("BER-10", 3)]

    drawing = draw_burndown(found)

    assert drawing["line"].split("L")[1:] == ["214.0 39.5", "214.0 16.0"]
    assert drawing["marks"][0]["words"] == "+3 scope"


def test_a_change_of_scope_at_the_edge_stays_inside_the_drawing():
    found = days(*[(10, 0)] * 20, (13, 0))
    found[19].scope_changes, found[20].scope_changes = [("BER-9", 2)], [("BER-10", 3)]

    drawing = draw_burndown(found)

    assert [(mark["x"] < 394, mark["anchor"]) for mark in drawing["marks"]] == [(True, "end")]
    assert drawing["last"]["scope"] == "+3 scope"
    assert drawing["last"]["low"] > drawing["last"]["y"]  # the words stand below both ends of the step


def test_scope_that_shrinks_says_so():
    found = days((10, 0), (7, 0), to_come=2)
    found[1].scope_changes = [("BER-10", -3)]

    assert draw_burndown(found)["marks"][0]["words"] == "−3 scope"
    assert "BER-10 took away 3 on day 1." in say_burndown(found)


def test_the_sentence_says_what_the_line_shows():
    found = days((29, 0), (29, 3), (32, 8), to_come=2)
    found[2].scope_changes = [("BER-10", 3)]

    assert say_burndown(found) == (
        "8 of 32 points done by day 2. BER-10 added 3 on day 2. The dotted line is an even pace."
    )
    assert say_burndown(days((1, 0), to_come=3)).startswith("0 of 1 point done at the start.")


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=20))
def test_every_point_lies_inside_the_drawing(found):
    drawing = draw_burndown(days(*[(scope + done, done) for scope, done in found]))

    assert all(TOP <= y <= BOTTOM for _, y in drawing["points"])
    assert 0 < len(drawing["scale"].grid) <= 4 or drawing["scale"].most < drawing["scale"].step * 1


def test_grids_have_few_lines():
    assert [label for _, label in Scale(10, 32).grid] == [10, 20, 30]


def test_bands_of_flow_stand_on_each_other():
    counts = dict.fromkeys(COLUMNS, 1)
    found = [FlowDay(dt.date(2026, 11, n), counts) for n in (9, 10)]

    drawing = draw_flow(found)

    assert [band["state"] for band in drawing["bands"]] == ["done", "sign_off", "in_review", "in_progress", "ready"]
    assert drawing["bands"][-1]["path"].startswith("M34.0 16.0")


def test_stories_that_took_as_long_stand_above_each_other():
    drawing = draw_times([1, 3, 3])

    assert drawing["dots"] == [(154.0, 67.0), (394.0, 67.0), (394.0, 16.0)]
