"""Finding somebody's words in other texts (domain.md §5)."""

import json

import pytest

from teams.carried import Words

SAID = "I signed where they pointed."
LONG = "Every time I call them I have to start from the very beginning with somebody else"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("I signed where they pointed", "…"),
        ("They said “I signed where they pointed.” and left", "They said … and left"),
        ("i SIGNED where\nthey, pointed", "…"),
        ("One: I signed where they pointed. Two: I signed where they pointed.", "One: …. Two: …."),
        ("I signed where he pointed", "I signed where he pointed"),
        ("", ""),
    ],
)
def test_words_are_found_however_they_are_written(text, left):
    assert Words([SAID]).taken_out(text, "…") == left


def test_a_title_that_was_cut_off_still_says_their_words():
    assert Words([LONG]).taken_out(LONG[:60], "…").startswith("…")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("People with no printer at home get a pack", "People with no printer at home get a pack"),
        ("He said “No printer at home”", "He said …"),
        ("No printer at home", "…"),
    ],
)
def test_a_few_words_are_everybodys_unless_they_are_quoted_or_all(text, left):
    assert Words(["No printer at home"]).taken_out(text, "…") == left


def test_what_json_and_lists_hold_is_gone_through():
    held = {"title": [SAID, "Other"], "count": 3, "none": None}

    assert Words([SAID]).taken_out(held, "…") == {"title": ["….", "Other"], "count": 3, "none": None}


def test_very_short_ones_are_left():
    assert not Words(["Yes", "It is late", "!!!!!!!!!!!!!"])


def test_many_sentences_overlap_without_harm():
    both = Words(["I signed where they pointed", "where they pointed I went"])

    assert both.taken_out("I signed where they pointed I went home", "…") == "… home"


def test_a_line_of_history_that_says_nothing_but_the_words_after_a_reference_is_theirs():
    words = Words(["No printer at home"])

    assert words.taken_out("BER-10 No printer at home", "[gone]") == "BER-10 [gone]"
    assert words.taken_out("BER-10 is about no printer at home", "[gone]") == "BER-10 is about no printer at home"


def test_what_stays_because_it_might_be_anybodys_is_shown_with_what_stands_around_it():
    words = Words(["No printer at home"])
    long = "x" * 70

    assert words.few_in(["Carers with no printer at home", "“No printer at home”", 3]) == [
        "Carers with no printer at home"
    ]
    assert words.few_in({"was": f"{long} no printer at home {long}"}) == [f"…{'x' * 59} no printer at home {'x' * 59}…"]
    assert words.taken_out("Carers with no printer at home", "[gone]", few=True) == "Carers with [gone]"


@pytest.mark.parametrize(
    "before", ["", "HOU-17 ", "Two lines\n", "A “quotation” ", 'Marks "of another" kind ', "C:\\new\t"]
)
def test_a_row_is_looked_at_however_the_database_writes_it(before):
    said = before + SAID

    assert all(Words([SAID]).may_stand_in(row) for row in (said, json.dumps([said]), json.dumps(said, indent=1)))


@pytest.mark.parametrize("row", ["I signed where he pointed", '{"title": "They signed where they pointed"}', ""])
def test_a_row_without_them_is_left_out(row):
    assert not Words([SAID]).may_stand_in(row)
