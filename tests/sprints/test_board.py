"""How cards move: the board itself, before any page."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog.models import StoryState
from sprints import board_page
from sprints.models import Commitment, board
from sprints.models.board import move, way
from sprints.models.board_sums import sums_of
from teams.models import Change, Conflict
from tests.factories import planned_sprint, raised_blocker, ready_story, started_sprint
from tests.sprints.working import bring, finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(product_owner):
    return product_owner.user


@pytest.fixture
def stories(team, owner):
    return [ready_story(team, owner) for _ in range(4)]


@pytest.fixture
def sprint(team, owner, stories):
    return started_sprint(team, owner, stories)


def order(sprint, state="ready"):
    rows = sprint.commitments.held().in_place().filter(story__state=state)
    return [one.reference for one in rows]


@pytest.mark.parametrize(
    ("where", "other", "after"),
    [
        ("top", None, [2, 0, 1, 3]),
        ("bottom", None, [0, 1, 3, 2]),
        ("before", 1, [0, 2, 1, 3]),
        ("before", 3, [0, 1, 2, 3]),
    ],
)
def test_a_card_finds_its_place_in_the_column(sprint, stories, owner, where, other, after):
    other = stories[other].reference if other is not None else ""

    move(sprint, stories[2].reference, "ready", by=owner, where=where, other=other)

    assert order(sprint) == [stories[n].reference for n in after]


def test_a_move_to_another_column_is_a_step_of_the_story(sprint, stories, owner):
    moved = move(sprint, stories[1].reference, "in_progress", by=owner, seen="ready")

    assert (moved.was, moved.story.state, moved.columns) == ("ready", "in_progress", ["ready", "in_progress"])
    assert moved.change.words == "started it"
    assert order(sprint, "in_progress") == [stories[1].reference]


def test_a_card_passes_the_columns_in_between(sprint, stories, owner):
    move(sprint, stories[0].reference, "in_review", by=owner)

    steps = [one.to_state for one in stories[0].moves.order_by("pk")]
    assert steps[-2:] == ["in_progress", "in_review"]


def test_a_move_across_columns_is_taken_back_as_one(sprint, stories, owner):
    moved = move(sprint, stories[0].reference, "sign_off", by=owner)
    assert moved.change.words == "asked for sign-off"

    back = move(
        sprint, stories[0].reference, "ready", by=owner, undo=moved.change, where="before", other=moved.was_above
    )

    assert (back.was, back.story.state) == ("sign_off", "ready")
    assert order(sprint) == [one.reference for one in stories]
    assert not Change.objects.about(stories[0]).filter(undo__together__isnull=False, undone_at=None).exists()
    steps = [(one.from_state, one.to_state) for one in stories[0].moves.order_by("pk")]
    assert steps[-1] == ("sign_off", "ready")


def test_what_was_changed_since_a_move_across_columns_is_not_undone(sprint, stories, owner):
    moved = move(sprint, stories[0].reference, "in_review", by=owner)
    bring(stories[0], StoryState.SIGN_OFF, by=owner)

    with pytest.raises(Conflict):
        move(sprint, stories[0].reference, "ready", by=owner, undo=moved.change)


@pytest.mark.parametrize(("to", "where"), [("ready", "bottom"), ("in_progress", "top"), ("in_review", "top")])
def test_the_sums_before_a_move_are_those_a_screen_saw_then(sprint, stories, owner, to, where):
    raised_blocker(sprint.team, owner, story=stories[1])
    bring(stories[3], StoryState.IN_REVIEW, by=owner)
    then = sums_of(sprint)

    moved = move(sprint, stories[1].reference, to, by=owner, where=where)

    assert board_page.seen_of(sprint, moved.before) == board_page.seen_of(sprint, then)
    assert board_page.seen_of(sprint, moved.after) == board_page.seen_of(sprint, sums_of(sprint))


def test_the_same_move_twice_is_one_move(sprint, stories, owner):
    for _ in range(2):
        move(sprint, stories[0].reference, "in_progress", by=owner, seen="ready")

    assert stories[0].moves.filter(to_state="in_progress").count() == 1


def test_somebody_moved_it_meanwhile(sprint, stories, owner):
    bring(stories[0], StoryState.IN_REVIEW, by=owner)

    with pytest.raises(Conflict):
        move(sprint, stories[0].reference, "in_progress", by=owner, seen="ready")

    assert order(sprint, "in_review") == [stories[0].reference]


def test_only_the_product_owner_signs_off(sprint, stories, owner, member):
    bring(stories[0], StoryState.SIGN_OFF, by=owner)

    with pytest.raises(ValidationError, match="Only the product owner"):
        move(sprint, stories[0].reference, "done", by=member.user)


def test_every_criterion_is_ticked_before_it_is_done(sprint, stories, owner):
    with pytest.raises(ValidationError, match="not ticked yet"):
        move(sprint, stories[0].reference, "done", by=owner)


def test_what_is_sent_back_says_what_is_missing(sprint, stories, owner):
    bring(stories[0], StoryState.SIGN_OFF, by=owner)

    with pytest.raises(ValidationError, match="Say what is missing"):
        move(sprint, stories[0].reference, "in_progress", by=owner)
    move(sprint, stories[0].reference, "in_progress", by=owner, comment="It does not print")

    assert stories[0].moves.order_by("-pk").first().comment == "It does not print"


def test_a_done_story_is_reopened_by_the_product_owner_while_its_sprint_is_active(sprint, stories, owner, member):
    finish(stories[0], by=owner)

    with pytest.raises(ValidationError, match="Only the product owner"):
        move(sprint, stories[0].reference, "in_progress", by=member.user)
    moved = move(sprint, stories[0].reference, "in_progress", by=owner)
    assert moved.story.state == "in_progress"

    finish(stories[0], by=owner)
    sprint.close("met", "Done", {one.reference: "backlog" for one in stories[1:]}, by=owner)
    with pytest.raises(ValidationError, match="cards move while it is active"):
        move(sprint, stories[0].reference, "in_progress", by=owner)


def test_cards_of_a_planned_sprint_do_not_move(team, owner):
    story = ready_story(team, owner)
    sprint = planned_sprint(team, owner)
    sprint.pull([story], by=owner)

    with pytest.raises(ValidationError, match="cards move while it is active"):
        move(sprint, story.reference, "in_progress", by=owner)


@pytest.mark.parametrize(
    ("to", "where", "other", "words"),
    [
        ("nowhere", "bottom", "", "Choose a column"),
        ("on_hold", "bottom", "", "Choose a column"),
        ("ready", "before", "HOU-999", "HOU-999 is not in that column any more"),
    ],
)
def test_nonsense_is_refused_in_words(sprint, stories, owner, to, where, other, words):
    with pytest.raises(ValidationError, match=words):
        move(sprint, stories[0].reference, to, by=owner, where=where, other=other)


def test_a_card_that_was_taken_out_cannot_move(sprint, stories, owner):
    sprint.take_out([stories[0]], by=owner, why="Too much")

    with pytest.raises(ValidationError, match="not in this sprint any more"):
        move(sprint, stories[0].reference, "in_progress", by=owner)


def test_the_way_back_from_sign_off_asks_for_words():
    assert way("sign_off", "ready") == []
    assert way("sign_off", "ready", may_ask=True) == ["in_progress", "ready"]
    assert way("ready", "done") == ["in_progress", "in_review", "sign_off", "done"]


def test_places_stay_apart_however_often_cards_are_put_between_the_same_two(sprint, stories, owner, monkeypatch):
    monkeypatch.setattr(board, "LONGEST", 6)
    first, second, third, fourth = (one.reference for one in stories)
    for n in range(60):
        one, other = (second, third) if n % 2 else (third, second)
        moved = move(sprint, one, "ready", by=owner, where="before", other=other)
        assert moved.after["ready"].down_to == 2

    ranks = [one.rank for one in sprint.commitments.held().in_place()]
    assert len(set(ranks)) == 4
    assert max(map(len, ranks)) <= 7
    assert order(sprint)[0] == first and order(sprint)[-1] == fourth


moves = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["top", "bottom", 0, 1, 2, 3])), max_size=12)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves)
def test_the_column_is_what_a_list_would_be(sprint, stories, owner, found):
    expected = order(sprint)
    for n, where in found:
        one = stories[n].reference
        if where == n:
            continue
        expected.remove(one)
        at = {"top": 0, "bottom": len(expected)}.get(where)
        at = expected.index(stories[where].reference) if at is None else at
        expected.insert(at, one)
        other = stories[where].reference if isinstance(where, int) else ""
        move(sprint, one, "ready", by=owner, where="before" if other else where, other=other)

    assert order(sprint) == expected
    assert Commitment.objects.held().count() == 4
