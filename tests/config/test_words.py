import datetime as dt

import pytest
import time_machine

from config.jinja import lately, unbroken


def test_a_reference_stays_on_its_line_and_words_stay_words():
    assert unbroken("merged into HOU-12 <b>") == 'merged into <span class="nowrap">HOU-12</span> &lt;b&gt;'


def test_what_only_looks_like_a_reference_is_left_alone():
    assert unbroken("covid-19, XX-, a-1") == "covid-19, XX-, a-1"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (dt.datetime(2026, 6, 23, 8, 5, tzinfo=dt.UTC), "9:05am"),
        (dt.datetime(2026, 6, 22, 23, 30, tzinfo=dt.UTC), "12:30am"),  # of today where people live
        (dt.datetime(2026, 6, 22, 22, 30, tzinfo=dt.UTC), "11:30pm on 22 June 2026"),
    ],
)
def test_the_day_is_said_where_it_is_not_today(at, words):
    with time_machine.travel("2026-06-23 12:00", tick=False):
        assert lately(at) == words
