import time

import pytest

from teams.privacy import sightings, warning

PERSONAL = [
    ("Write to jo.bloggs+home@mail.example.org please", "an email address", "jo.bloggs+home@mail.example.org"),
    ("call 07700 900123 after five", "a phone number", "07700 900123"),
    ("+44 (0)20 7946 0018", "a phone number", "+44 (0)20 7946 0018"),
    ("office (0121) 496 0123.", "a phone number", "(0121) 496 0123"),
    ("07700-900-123", "a phone number", "07700-900-123"),
    ("NI is QQ 12 34 56 C", None, None),
    ("NI is AB 12 34 56 C", "a National Insurance number", "AB 12 34 56 C"),
    ("ab123456c", "a National Insurance number", "ab123456c"),
    ("licence MORGA657054SM9IJ on the table", "a driver number", "MORGA657054SM9IJ"),
    ("LEE99 657054 S99IJ", "a driver number", "LEE99 657054 S99IJ"),
    ("lives at SW1A 1AA", "a postcode", "SW1A 1AA"),
    ("lives at m1 1ae", "a postcode", "m1 1ae"),
    ("EC1A1BB", "a postcode", "EC1A1BB"),
    ("12/03/1984", "a date of birth", "12/03/1984"),
    ("12th of March 1984", "a date of birth", "12th of March 1984"),
    ("1984-03-12", "a date of birth", "1984-03-12"),
    ("born on 3.4.62", "a date of birth", "born on 3.4.62"),
    ("DOB: 12/03/2021", "a date of birth", "DOB: 12/03/2021"),
    ("Mrs Okonjo-Reef said so", "a name", "Mrs Okonjo-Reef"),
    ("mr. O’Neill opened", "a name", "mr. O’Neill"),
    ("Miss Élodie", "a name", "Miss Élodie"),
    ("call ０７７００ 900123", "a phone number", "07700 900123"),
    ("Mr\u200b Smith", "a name", "Mr Smith"),
    ("Mr\n Smith", "a name", "Mr Smith"),
]
HARMLESS = [
    "",
    "Read out five call dates from a calendar",
    "She went to see three homes in 2024 and paid £1,200.50",
    "Met on 27/3/2027, again on 4 May 2026 at 9:30",
    "Story HOU-17, round r1 2nd session, 3 of 10",
    "Mr and Mrs were both at the table; a miss is as good as a mile",
    "The job number is 0123456789012345",
    "Zoomed to 300% and tabbed 12 times @ the button",
    "A1 2pm, B2 9am",
]


@pytest.mark.parametrize(("text", "kind", "words"), PERSONAL)
def test_what_looks_personal_is_seen(text, kind, words):
    assert [(one.kind, one.words) for one in sightings(text)] == ([(kind, words)] if kind else [])


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_notes_raise_no_alarm(text):
    assert sightings(text) == []
    assert warning(text) == ""


def test_the_warning_names_all_that_was_seen_in_all_texts():
    assert warning("Mrs Smith, Mrs Smith", "of SW1A 1AA", "07700 900123") == (
        "This looks like a name (“Mrs Smith”), a postcode (“SW1A 1AA”) and a phone number (“07700 900123”). "
        "Take out what could tell who it is"
    )


@pytest.mark.parametrize("piece", ["0 ", "a", "9", "(0", "1/1/", "mr ", "a9", "12 mar ", "@", ".", "born "])
def test_a_long_text_is_read_in_no_time(piece):
    began = time.thread_time()

    sightings(piece * 20_000)

    assert time.thread_time() - began < 2
