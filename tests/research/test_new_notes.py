"""Whoever has a session open is sent what is new in it, and nothing twice."""

import re
import uuid

import pytest

from research import erasure
from research.models import Kind, Stamp
from tests.research.making import noted

pytestmark = pytest.mark.django_db
OLD, NEW = "Waited at home all day", "Rang again on Monday"


@pytest.fixture
def write(researcher, session, htmx):
    def written(words, seen, **fields):
        answers = {"lines": f"> {words}", "kind": "did", "seen": str(seen)} | fields
        return researcher.post(f"{session.get_absolute_url()}notes/", answers, **htmx)

    return written


@pytest.fixture
def ask(researcher, session, htmx):
    return lambda seen: researcher.get(f"{session.get_absolute_url()}news/", {"seen": str(seen)}, **htmx)


def shown(answer):
    return [int(key) for key in re.findall(r'<li id="observation-(\d+)"', answer.text)]


def stamped(answer):
    return re.search(r'name="seen" value="([-\d]+)"', answer.text)[1]


def test_saving_a_line_answers_as_briefly_after_many(session, by, write):
    noted(session, by, OLD)
    first = write(NEW, session.observations.stamp())
    noted(session, by, *[f"{OLD}, {number}" for number in range(150)])

    later = write(NEW, session.observations.stamp())

    assert len(shown(later)) == 1 and later["HX-Reswap"] == "none"
    assert len(later.content) < len(first.content) + 50 < 2000


def test_the_first_note_says_on_the_open_page_that_the_session_was_held(session, write):
    assert session.state == "planned"

    answer = write(NEW, Stamp())

    assert re.search(r'id="session-now" hx-swap-oob="true">.*?Held.*?</p>', answer.text)
    acts = answer.text.partition('id="session-acts" hx-swap-oob="true">')[2]
    assert "Mark analysed" in acts and "Mark held" not in acts


def test_the_answer_brings_what_others_wrote_since_in_its_order(session, by, write):
    noted(session, by, OLD)
    seen = session.observations.stamp()
    theirs = noted(session, by, "Theirs", "Theirs again")

    answer = write(NEW, seen)

    assert shown(answer) == [*(one.pk for one in theirs), session.observations.in_order().last().pk]
    assert stamped(answer) == str(session.observations.stamp())
    assert '<small class="meta" id="notes-count" hx-swap-oob="true">4</small>' in answer.text


def test_a_line_that_is_sent_again_is_not_shown_again(session, by, write, ask):
    noted(session, by, OLD)
    seen, key = session.observations.stamp(), str(uuid.uuid4())
    write(NEW, seen, key=key)  # and the answer was lost on its way

    assert len(shown(write(NEW, seen, key=key))) == 1
    assert shown(write(NEW, session.observations.stamp(), key=key)) == []
    assert session.observations.count() == 2
    assert ask(session.observations.stamp()).status_code == 204


@pytest.mark.parametrize(
    "change",
    [
        lambda note, by: note.edit(by=by, kind=Kind.DID, text="Other words"),
        lambda note, by: erasure.remove_note(note, by=by, beyond=False),
        lambda note, by: note.set_shareable(True, by=by),
    ],
)
def test_all_are_sent_where_one_of_those_seen_has_changed(session, by, write, ask, change):
    old = noted(session, by, OLD, "Kept")
    seen = session.observations.stamp()
    change(old[0], by)

    asked, written = ask(seen), write(NEW, seen)

    assert asked.text.lstrip().startswith("<section") and "HX-Reswap" not in asked
    assert shown(asked) == [one.pk for one in old if one.pk]
    assert shown(written) == list(session.observations.in_order().values_list("pk", flat=True))


@pytest.mark.parametrize("seen", ["", "0-0-0", "1-2", "٣-٣-٣", "9" * 30 + "-1-1", "1-99999999999999999-1"])
def test_all_are_sent_to_a_page_that_saw_none_or_says_nonsense(session, by, ask, seen):
    noted(session, by, OLD)

    assert len(shown(ask(seen))) == 1
