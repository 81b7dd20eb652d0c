"""The queue for sign-off, deputies, and the team's definitions of ready and done."""

import datetime as dt

import pytest
from django.utils import timezone

from backlog.models import Definitions, Deputy, Story, StoryState
from teams.models import Change
from teams.permissions import Role
from tests.factories import MembershipFactory, story_in

QUEUE = "/teams/housing/sign-off/"
DEPUTIES = f"{QUEUE}deputies/"
DEFINITIONS = "/teams/housing/definitions/"


@pytest.fixture
def waiting(team, product_owner):
    """With its criteria ticked."""
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user, title="Hear each step")
    for criterion in story.criteria.all():
        story.tick(criterion, by=product_owner.user)
    return story


def decide(client, story, to, **more):
    return client.post(f"{story.get_absolute_url()}state/", {"to": to, "from": "queue"} | more, follow=True)


def state_of(story):
    return Story.objects.get(pk=story.pk).state


def days(client, team, first, last, who):
    day = timezone.localdate() + dt.timedelta(first), timezone.localdate() + dt.timedelta(last)
    place = team.memberships.get(user=who.user).pk
    return client.post(DEPUTIES, {"membership": place, "starts_on": day[0], "ends_on": day[1]}, follow=True)


def test_the_queue_shows_what_waits_longest_first_with_the_definition_of_done(team, product_owner, waiting):
    story_in(StoryState.SIGN_OFF, team, product_owner.user, title="Second")

    page = product_owner.get(QUEUE).text

    assert page.index("Hear each step") < page.index("Second")
    assert "Every acceptance criterion is met" in page and ">Accept<" in page


def test_ticks_are_kept_with_the_decision_that_is_sent_with_them(team, product_owner):
    story = story_in(StoryState.SIGN_OFF, team, product_owner.user, title="Hear each step")
    ticks = [one.pk for one in story.criteria.all()]

    page = decide(product_owner, story, "in_progress", **{"from": "decision"}, ticked=ticks).text
    assert "say what is missing" in page.lower() and state_of(story) == StoryState.SIGN_OFF
    assert story.criteria.filter(done=True).count() == len(ticks) > 0

    decide(product_owner, story, "done", **{"from": "decision"}, ticked=ticks, was=ticks)
    assert state_of(story) == StoryState.DONE


def test_an_empty_queue_says_how_stories_come_here(team, member):
    assert "Nothing waits for sign-off" in member.get(QUEUE).text


def test_the_product_owner_accepts(product_owner, waiting):
    page = decide(product_owner, waiting, "done", comment="Lovely").text

    assert state_of(waiting) == StoryState.DONE
    assert "is now “Done”" in page and "accepted" in page and ": Lovely" in page


def test_the_product_owner_returns_with_a_comment_that_stays(product_owner, waiting):
    decide(product_owner, waiting, "in_progress", comment="The last step is cut off")

    assert state_of(waiting) == StoryState.IN_PROGRESS
    assert "returned it: The last step is cut off" in product_owner.get(waiting.get_absolute_url()).text


def test_who_works_on_what_was_returned_reads_first_what_is_missing(product_owner, member, waiting):
    decide(product_owner, waiting, "in_progress", comment="The last step is cut off")

    page = member.get(waiting.get_absolute_url()).text

    assert "returned it: The last step is cut off" in page.partition("It’s done when")[0]


def test_a_return_without_a_comment_asks_for_one(product_owner, waiting):
    response = decide(product_owner, waiting, "in_progress")

    assert response.status_code == 422 and "Say what is missing" in response.text
    assert state_of(waiting) == StoryState.SIGN_OFF


def test_a_member_sees_the_queue_without_its_buttons(member, waiting):
    page = member.get(QUEUE).text

    assert "Hear each step" in page and ">Accept<" not in page


def test_a_deputy_accepts_on_their_days(team, product_owner, member, waiting):
    assert "may sign off on" in days(product_owner, team, 0, 0, member).text

    assert ">Accept<" in member.get(QUEUE).text
    decide(member, waiting, "done")

    assert state_of(waiting) == StoryState.DONE


def test_a_deputy_of_next_week_may_not_yet(team, product_owner, member, waiting):
    days(product_owner, team, 7, 9, member)

    assert decide(member, waiting, "done").status_code == 403


def test_a_deputy_who_is_dismissed_or_has_left_may_no_longer(team, product_owner, member, waiting):
    days(product_owner, team, 0, 3, member)
    product_owner.post(f"{DEPUTIES}{Deputy.objects.get().pk}/dismiss/")
    assert decide(member, waiting, "done").status_code == 403

    days(product_owner, team, 0, 3, member)
    team.memberships.get(user=member.user).leave(by=product_owner.user)

    assert decide(member, waiting, "done").status_code == 404


@pytest.mark.parametrize(
    ("first", "last", "words"), [(2, 1, "The last day must be"), (-3, -1, "must be today or in the future")]
)
def test_days_that_cannot_be_are_refused(team, product_owner, member, first, last, words):
    assert words in days(product_owner, team, first, last, member).text
    assert not Deputy.objects.exists()


def test_whoever_may_sign_off_already_is_not_offered_as_deputy(product_owner, member):
    page = product_owner.get(DEPUTIES).text.partition("<select")[2]

    assert member.user.name in page and product_owner.user.name not in page


def test_nobody_of_another_team_becomes_deputy(team, product_owner):
    stranger = MembershipFactory(role=Role.MEMBER)
    today = timezone.localdate()

    answers = {"membership": stranger.pk, "starts_on": today, "ends_on": today}

    assert product_owner.post(DEPUTIES, answers).status_code == 422 and not Deputy.objects.exists()


def test_the_queue_asks_as_much_of_twenty_as_of_one(team, product_owner, at_most):
    for n in range(20):
        story_in(StoryState.SIGN_OFF, team, product_owner.user, title=f"Story {n}")

    with at_most(11):
        assert product_owner.get(QUEUE).text.count(">Accept<") == 20


# --- Definitions


def test_a_team_begins_with_definitions_that_it_can_change(team, delivery_manager):
    assert "The people who do the work have sized it" in delivery_manager.get(DEFINITIONS).text

    delivery_manager.post(DEFINITIONS, {"ready": "We want it\n\n We can", "done": "It is used", "version": 1})

    kept = Definitions.objects.get(team=team)
    assert (kept.ready_lines, kept.done_lines) == (["We want it", "We can"], ["It is used"])
    assert Change.objects.about(kept).first().words == "changed the Definition of Ready and Definition of Done"


def test_only_the_definition_that_was_changed_is_named(team, delivery_manager):
    as_a_browser_sends_it = Definitions(team=team).done.replace("\n", "\r\n")

    page = delivery_manager.post(
        DEFINITIONS, {"ready": "We want it", "done": as_a_browser_sends_it, "version": 1}, follow=True
    ).text

    assert Change.objects.about(Definitions.objects.get(team=team)).first().words == "changed the Definition of Ready"
    assert "What Housing calls ready and done is saved" in page


def test_two_who_change_the_definitions_at_once_see_both_texts(team, delivery_manager, product_owner):
    delivery_manager.post(DEFINITIONS, {"ready": "Theirs", "done": "Same", "version": 1})

    response = product_owner.post(DEFINITIONS, {"ready": "Mine", "done": "Same", "version": 1})

    assert response.status_code == 409 and "Theirs" in response.text and "Mine" in response.text


def test_reading_the_definitions_writes_nothing(team, delivery_manager):
    delivery_manager.get(DEFINITIONS)

    assert not Definitions.objects.exists()


@pytest.mark.parametrize(
    ("reader", "status"), [("member", 403), ("researcher", 403), ("service_lead", 403), ("outsider", 404)]
)
def test_only_the_product_owner_and_the_delivery_manager_define(request, team, reader, status):
    assert request.getfixturevalue(reader).get(DEFINITIONS).status_code == status
