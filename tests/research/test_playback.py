"""Playbacks: what may be shared and when, and that what was shared stays as it was."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from research.models import Answer, Outcome, Part, Response, Result
from research.models.playback_item import wording_of
from tests.factories import (
    drafted_playback,
    make_opportunity,
    ranked_opportunity,
    service_lead_of,
    shared_playback,
    story_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(product_owner):
    return product_owner.user


@pytest.fixture
def shared(team, owner):
    return shared_playback(team, owner)


def edition_of(playback):
    return playback.current_edition()


def settled(playback, **fields):
    facts = {"result": Result.AGREED} | fields
    return [Outcome(item=one.item, **facts) for one in edition_of(playback).items.all()]


@pytest.mark.parametrize(
    ("lacks", "words"),
    [
        ({"goal": ""}, "the goal it is judged against"),
        ({"items": 0}, "at least one item"),
        ({"reviewers": ()}, "at least one reviewer"),
        ({"reply_by": None}, "a day to reply by"),
        ({"reply_by": dt.date(2020, 1, 1)}, "a day to reply by"),
    ],
)
def test_it_is_not_shared_while_something_is_missing(team, owner, lacks, words):
    playback = drafted_playback(team, owner, **({"reviewers": [service_lead_of(team)]} | lacks))

    with pytest.raises(ValidationError, match=words):
        playback.share(by=owner)

    playback.refresh_from_db()
    assert playback.is_draft and not playback.editions.exists()


def test_the_first_edition_says_what_the_draft_says(team, owner):
    playback = drafted_playback(team, owner, reviewers=[service_lead_of(team)], items=1)
    opportunity = playback.items.get().opportunity

    edition = playback.share(by=owner)

    frozen = edition.items.get()
    assert (edition.number, edition.goal, edition.shared_by_name) == (1, "Agree which problems matter most", owner.name)
    assert (frozen.headline, frozen.value, frozen.size, frozen.ranked) == (opportunity.title, 5, 2, 1)
    assert frozen.themes == [opportunity.themes.get().name]


def test_nothing_edited_later_shows_in_a_shared_edition(team, owner, shared):
    item = shared.items.first()
    before = list(edition_of(shared).items.values())

    item.opportunity.edit(by=owner, title="Another title", recommendation="Something else", themes=[])
    item.opportunity.set_score(1, 1, by=owner)
    item.edit(by=owner, headline="Another headline")
    shared.edit(by=owner, goal="Another goal")

    assert list(edition_of(shared).items.values()) == before
    assert edition_of(shared).goal == "Agree which problems matter most"


@pytest.mark.parametrize("table", ["research_edition", "research_editionitem"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_an_edition(shared, table, statement):
    with pytest.raises(IntegrityError, match="stays as it was shared"), transaction.atomic():
        connection.cursor().execute(statement.format(table))


@pytest.mark.parametrize(("people", "words"), [(0, ""), (1, "fewer than 3"), (2, "fewer than 3"), (3, "3 people")])
def test_a_number_of_one_or_two_people_never_reaches_an_edition(team, owner, people, words):
    playback = drafted_playback(team, owner, items=0, reviewers=[service_lead_of(team)])
    source = make_opportunity(team, owner, earlier_participants=people, earlier_reference="2025")
    playback.add_item(Part.OPPORTUNITY, by=owner, **wording_of(source))

    heard = playback.share(by=owner).items.get().heard

    assert words in heard and bool(heard) == bool(words)


def test_the_same_words_are_not_shared_twice(owner, shared):
    with pytest.raises(ValidationError, match="Nothing differs from edition 1"):
        shared.share(by=owner)


def test_the_second_edition_says_item_by_item_what_changed(team, owner, shared):
    first, second, third = shared.current_items()
    first.edit(by=owner, headline="Offer letters arrive in time")
    second.remove(by=owner)
    new = shared.add_item(Part.OUTPUT, by=owner, headline="The tenant journey", iteration=2)
    shared.edit(by=owner, goal="Choose what to fix first")

    edition = shared.share(by=owner)
    changes = edition.changes_since(shared.editions.get(number=1))

    assert [what for what, _, _ in changes["texts"]] == ["the goal"]
    assert [(one.item_id, [what for what, _, _ in some]) for one, some in changes["changed"]] == [
        (first.pk, ["the headline"])
    ]
    assert [one.item_id for one in changes["new"]] == [new.pk]
    assert [one.item_id for one in changes["gone"]] == [second.pk]


def test_a_move_of_others_in_the_backlog_is_no_change(team, owner, shared):
    ranked_opportunity(team, owner, value=8, size=1)

    assert not shared.differs()


def test_an_opportunity_stands_in_it_once(team, owner, shared):
    held = shared.items.first().opportunity

    with pytest.raises(IntegrityError, match="an_opportunity_is_played_back_once"), transaction.atomic():
        shared.add_item(Part.OPPORTUNITY, by=owner, **wording_of(held))


def test_a_story_of_another_team_cannot_be_put_in(owner, shared, outsider):
    foreign = make_opportunity(outsider.user.memberships.get().team, outsider.user)

    with pytest.raises(IntegrityError, match="playback_item_is_an_opportunity_of_its_team"), transaction.atomic():
        shared.add_item(Part.OPPORTUNITY, by=owner, **wording_of(foreign))
        connection.check_constraints()


def test_items_move_within_their_part(team, owner):
    playback = drafted_playback(team, owner, items=3)
    playback.add_item(Part.OUTPUT, by=owner, headline="The guide")
    first, second, third, guide = playback.current_items()

    third.move("top", by=owner)
    first.move("bottom", by=owner)

    assert list(playback.current_items()) == [third, second, first, guide]
    with pytest.raises(ValidationError, match="the same part"):
        first.move("before", other=str(guide.pk), by=owner)


def test_a_change_of_mind_is_kept(shared):
    reviewer, item = shared.reviewers.get(), shared.items.first()

    Response.objects.answer(reviewer, item, Answer.QUESTION, "Do we hold this for older blocks?")
    Response.objects.answer(reviewer, item, Answer.AGREE)

    assert [(one.answer, one.superseded_at is None) for one in item.responses.all()] == [
        ("question", False),
        ("agree", True),
    ]


def test_the_same_answer_sent_twice_is_one(shared):
    reviewer, item = shared.reviewers.get(), shared.items.first()

    first = Response.objects.answer(reviewer, item, Answer.AGREE)

    assert Response.objects.answer(reviewer, item, Answer.AGREE) == first


@pytest.mark.parametrize("answer", [Answer.QUESTION, Answer.DISAGREE])
def test_question_and_disagree_say_why(shared, answer):
    reviewer, item = shared.reviewers.get(), shared.items.first()

    with pytest.raises(ValidationError):
        Response.objects.answer(reviewer, item, answer)
    with pytest.raises(IntegrityError, match="question_and_disagree_say_why"), transaction.atomic():
        Response.objects.create(playback=shared, reviewer=reviewer, item=item, answer=answer, edition=1)


def test_answers_stay_through_a_new_edition(owner, shared):
    reviewer, item = shared.reviewers.get(), shared.items.first()
    Response.objects.answer(reviewer, item, Answer.AGREE)

    item.edit(by=owner, headline="Said better")
    shared.share(by=owner)

    assert Response.objects.current().get().edition == 1


def test_an_item_that_was_taken_out_cannot_be_answered(owner, shared):
    reviewer, item = shared.reviewers.get(), shared.items.first()
    item.remove(by=owner)
    shared.share(by=owner)

    with pytest.raises(ValidationError, match="no longer holds"):
        Response.objects.answer(reviewer, item, Answer.AGREE)


def test_it_closes_with_an_outcome_for_each_item(owner, shared):
    shared.close(settled(shared), by=owner)

    shared.refresh_from_db()
    assert shared.is_closed and shared.closed_by == owner
    assert Outcome.objects.filter(by=owner).count() == 3


def test_it_does_not_close_while_an_item_has_no_outcome(owner, shared):
    with pytest.raises(ValidationError, match="Each item needs an outcome"):
        shared.close(settled(shared)[1:], by=owner)

    shared.refresh_from_db()
    assert shared.is_shared and not Outcome.objects.exists()


def test_nothing_changes_once_it_is_closed(team, owner, shared):
    reviewer, item = shared.reviewers.get(), shared.items.first()
    shared.close(settled(shared), by=owner)

    for act in [
        lambda: shared.edit(by=owner, goal="Another"),
        lambda: item.edit(by=owner, headline="Another"),
        lambda: item.remove(by=owner),
        lambda: shared.add_item(Part.OUTPUT, by=owner, headline="A guide"),
        lambda: shared.ask([service_lead_of(team)], by=owner),
        lambda: shared.share(by=owner),
        lambda: Response.objects.answer(reviewer, item, Answer.AGREE),
    ]:
        with pytest.raises(ValidationError, match="closed"):
            act()


def test_what_it_is_taken_up_as_keeps_its_title_of_the_day(team, owner, shared):
    story = story_in("ready", team, owner, title="See the first steps")
    shared.close(settled(shared, story=story), by=owner)

    story.rewrite(title="Another title")

    assert Outcome.objects.first().taken_up_as == "See the first steps"


def test_the_day_to_reply_by_may_be_today(team, owner):
    shared = shared_playback(team, owner, reply_by=timezone.localdate())

    assert shared.edition == 1
