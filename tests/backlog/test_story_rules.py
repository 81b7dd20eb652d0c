"""The states, guards and roles of stories (domain.md §2.2, §2.3), asked of the model."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from backlog.models import Deputy, Kind, Story, StoryState
from tests.factories import make_opportunity, make_story, ready_story, story_in

ALLOWED = {
    StoryState.BACKLOG: {StoryState.READY, StoryState.ON_HOLD, StoryState.WONT_DO},
    StoryState.READY: {StoryState.BACKLOG, StoryState.IN_PROGRESS, StoryState.ON_HOLD, StoryState.WONT_DO},
    StoryState.IN_PROGRESS: {StoryState.READY, StoryState.IN_REVIEW, StoryState.WONT_DO},
    StoryState.IN_REVIEW: {StoryState.IN_PROGRESS, StoryState.SIGN_OFF, StoryState.WONT_DO},
    StoryState.SIGN_OFF: {StoryState.IN_PROGRESS, StoryState.DONE, StoryState.WONT_DO},
    StoryState.ON_HOLD: {StoryState.BACKLOG, StoryState.READY, StoryState.WONT_DO},
    StoryState.DONE: set(),
    StoryState.WONT_DO: set(),
}
OWNERS = {(StoryState.SIGN_OFF, StoryState.DONE), (StoryState.SIGN_OFF, StoryState.IN_PROGRESS)}


def fresh(story):
    return Story.objects.select_related("team__programme", "assignee").get(pk=story.pk)


def refusal(call, *args, **kwargs):
    with pytest.raises(ValidationError) as problem, transaction.atomic():
        call(*args, **kwargs)
    return " ".join(problem.value.messages)


def tick_all(story, by):
    for criterion in story.criteria.all():
        story.tick(criterion, by=by)


@pytest.mark.parametrize("start", StoryState)
def test_a_story_goes_only_where_the_domain_says(team, product_owner, start):
    by = product_owner.user
    reached = set()
    for state in StoryState:
        story = story_in(start, team, by)
        tick_all(story, by) if start == StoryState.SIGN_OFF else None
        try:
            with transaction.atomic():
                story.move_to(state, by=by, comment="Because")
        except ValidationError:
            assert fresh(story).state == start
        else:
            reached.add(fresh(story).state)

    assert reached == ALLOWED[start]


@pytest.mark.parametrize("start", StoryState)
def test_a_member_goes_everywhere_but_where_the_product_owner_decides(team, product_owner, member, start):
    story = story_in(start, team, product_owner.user)

    ways = set(story.steps(story.authority_of(member.user)))

    assert ways == {to for to in ALLOWED[start] if to != StoryState.WONT_DO and (start, to) not in OWNERS}
    assert set(story.steps(story.authority_of(product_owner.user))) == ALLOWED[start]


@pytest.mark.parametrize(
    ("start", "to"), [(StoryState.SIGN_OFF, StoryState.DONE), (StoryState.BACKLOG, StoryState.WONT_DO), *sorted(OWNERS)]
)
def test_what_a_member_may_not_is_refused_by_the_story_itself(team, product_owner, member, start, to):
    story = story_in(start, team, product_owner.user)
    tick_all(story, member.user)

    assert "Only the product owner" in refusal(story.move_to, to, by=member.user, comment="Because")
    assert fresh(story).state == start


@pytest.mark.parametrize("without", ["actor", "need", "so_that", "points", "criteria"])
def test_a_user_story_is_ready_only_when_it_says_everything(team, member, without):
    story = story_in(
        StoryState.BACKLOG, team, member.user, title="First steps", **{without: None if without == "points" else ""}
    )

    assert refusal(story.mark_ready, by=member.user).startswith(f"Before {story.reference} is ready, say ")
    assert fresh(story).state == StoryState.BACKLOG


def test_a_task_needs_no_actor_to_be_ready(team, member):
    task = make_story(team, member.user, kind=Kind.TASK, points=2, criteria=["Six findings are written"])

    task.mark_ready(by=member.user)

    assert fresh(task).state == StoryState.READY


def test_what_is_ready_cannot_be_edited_until_it_is_not(team, member):
    story = ready_story(team, member.user)

    assert "so it must say a size" in refusal(story.edit, by=member.user, points=None)
    assert "an acceptance criterion" in refusal(fresh(story).edit, by=member.user, criteria=[])
    assert fresh(story).points == 3 and fresh(story).criteria.count() == 1


def test_sign_off_waits_for_every_criterion(team, product_owner):
    by = product_owner.user
    story = story_in(StoryState.SIGN_OFF, team, by, criteria=["Works by keyboard", "Can be printed"])
    story.tick(story.criteria.first(), by=by)

    assert refusal(story.move_to, StoryState.DONE, by=by).startswith("1 acceptance criterion is not ticked yet")
    tick_all(story, by)
    story.move_to(StoryState.DONE, by=by)

    assert fresh(story).state == StoryState.DONE and fresh(story).done_at and fresh(story).rank is None


def test_a_story_is_returned_with_a_comment_and_both_stay_in_its_history(team, product_owner):
    by = product_owner.user
    story = story_in(StoryState.SIGN_OFF, team, by)

    assert "Say what is missing" in refusal(story.move_to, StoryState.IN_PROGRESS, by=by, comment="  ")
    story.move_to(StoryState.IN_PROGRESS, by=by, comment="The print view cuts off the last step")

    last = story.moves.about_sign_off().first()
    assert (last.from_state, last.to_state) == (StoryState.SIGN_OFF, StoryState.IN_PROGRESS)
    assert (last.comment, last.by) == ("The print view cuts off the last step", by)


def test_a_deputy_signs_off_on_their_days_only(team, product_owner, member):
    story, place = story_in(StoryState.SIGN_OFF, team, product_owner.user), team.memberships.get(user=member.user)
    tick_all(story, member.user)
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    later = Deputy.objects.appoint(place, tomorrow, tomorrow, by=product_owner.user)

    assert "Only the product owner" in refusal(story.move_to, StoryState.DONE, by=member.user)
    later.dismiss(by=product_owner.user)
    Deputy.objects.appoint(place, timezone.localdate(), tomorrow, by=product_owner.user)
    story.move_to(StoryState.DONE, by=member.user)

    assert fresh(story).state == StoryState.DONE


def test_a_deputy_decides_nothing_else(team, product_owner, member):
    place, today = team.memberships.get(user=member.user), timezone.localdate()
    Deputy.objects.appoint(place, today, today, by=product_owner.user)

    refused = refusal(ready_story(team, member.user).move_to, StoryState.WONT_DO, by=member.user, comment="No")
    assert "Only the product owner" in refused


def test_reopening_is_the_product_owners_and_brings_it_back_into_the_order(team, product_owner, member):
    story = story_in(StoryState.DONE, team, product_owner.user)

    assert "Only the product owner" in refusal(story.reopen, by=member.user)
    story.reopen(by=product_owner.user)

    again = fresh(story)
    assert (again.state, again.done_at) == (StoryState.IN_PROGRESS, None) and again.rank


def test_stories_and_opportunities_share_one_sequence_of_references(team, member):
    by = member.user

    references = [make_story(team, by).reference, make_opportunity(team, by).reference, make_story(team, by).reference]

    assert references == ["HOU-1", "HOU-2", "HOU-3"]


def test_many_are_added_in_few_statements_and_in_their_order(team, member, at_most):
    make_story(team, member.user)

    with at_most(9):
        Story.objects.add_many(team, [{"title": f"Step {n}"} for n in range(50)], by=member.user)

    assert [story.title for story in team.stories.in_order()][1:] == [f"Step {n}" for n in range(50)]
    assert max(len(story.rank) for story in team.stories.all()) < 10


def test_a_user_story_without_a_title_is_called_by_its_need(team, member):
    assert make_story(team, member.user, title="", need="print the pack").title == "Print the pack"


def test_a_leaver_keeps_what_was_theirs_and_gets_nothing_new(team, member, product_owner):
    story = make_story(team, member.user, assignee=member.user)
    team.memberships.get(user=member.user).leave(by=product_owner.user)

    assert "is not in Housing" in refusal(
        make_story(team, product_owner.user).assign, member.user, by=product_owner.user
    )
    fresh(story).edit(by=product_owner.user, title="Still theirs")

    assert fresh(story).assignee == member.user


@pytest.mark.parametrize(
    ("start", "on"),
    [
        (StoryState.BACKLOG, StoryState.READY),
        (StoryState.READY, StoryState.IN_PROGRESS),
        (StoryState.IN_PROGRESS, StoryState.IN_REVIEW),
        (StoryState.IN_REVIEW, StoryState.SIGN_OFF),
        (StoryState.SIGN_OFF, StoryState.DONE),
        (StoryState.ON_HOLD, StoryState.READY),
    ],
)
def test_the_first_step_offered_is_the_way_on(team, product_owner, start, on):
    story = story_in(start, team, product_owner.user)

    assert next(iter(story.steps(story.authority_of(product_owner.user)))) == on
