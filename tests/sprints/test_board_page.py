"""The page of a board, what it costs, and how it hears of what others did."""

import pytest
import time_machine
from django.urls import reverse

from backlog.models import StoryState
from sprints.models.card import cards_of
from sprints.models.steps import few_steps_of
from tests.factories import raised_blocker, ready_story, started_sprint
from tests.sprints.working import bring, finish

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel("2026-11-09T09:00Z"):
        yield


@pytest.fixture
def stories(team, product_owner):
    return [ready_story(team, product_owner.user, title=f"Story number {n}") for n in range(3)]


@pytest.fixture
def sprint(team, product_owner, stories):
    return started_sprint(team, product_owner.user, stories, goal="People find their next step")


@pytest.fixture
def news(sprint):
    return reverse("sprints:board_news", args=[sprint.team.slug, sprint.number])


def seen_on(page):
    return page.text.split('name="seen" value="')[1].split('"')[0]


def move_url(sprint, story):
    return reverse("sprints:move_card", args=[sprint.team.slug, sprint.number, story.reference])


def test_the_goal_stands_above_five_columns(member, sprint, stories):
    page = member.get(sprint.get_absolute_url()).text

    assert "People find their next step" in page and "Day 1 of 10" in page
    assert [part.split('"')[0] for part in page.split('data-column="')[1:]] == [
        "ready", "in_progress", "in_review", "sign_off", "done",
    ]  # fmt: skip
    assert all(story.title in page for story in stories)
    assert "0 of 9 points done" in page


def test_a_board_costs_as_much_for_many_cards_as_for_few(member, team, product_owner, sprint, at_most):
    with at_most(8):
        few = member.get(sprint.get_absolute_url())
    more = [ready_story(team, product_owner.user) for _ in range(40)]
    sprint.pull(more, by=product_owner.user, why="All of it")

    with at_most(8):
        many = member.get(sprint.get_absolute_url())

    each = (len(many.content) - len(few.content)) / 40
    assert each < 700  # bytes a card, and its line under the burndown


@pytest.mark.parametrize("count", [2, 12])
def test_the_burndown_adds_up_what_changed_however_many_stories_there_are(team, product_owner, count):
    stories = [ready_story(team, product_owner.user) for _ in range(count)]
    sprint = started_sprint(team, product_owner.user, stories)
    finish(stories[0], by=product_owner.user)

    steps = few_steps_of(sprint, cards_of(sprint.commitments))

    assert [one.counts for one in steps] == [(3 * (count - 1), 0), (3, 0), (3, 3)]


def test_nothing_new_is_an_empty_answer(member, sprint, news, at_most):
    seen = seen_on(member.get(sprint.get_absolute_url()))

    with at_most(5):
        answer = member.get(news, {"seen": seen})

    assert (answer.status_code, answer.content) == (204, b"")


def test_only_the_columns_that_changed_are_sent(member, product_owner, sprint, stories, news):
    seen = seen_on(member.get(sprint.get_absolute_url()))
    bring(stories[0], StoryState.IN_PROGRESS, by=product_owner.user)

    answer = member.get(news, {"seen": seen}).text

    assert 'id="column-ready"' in answer and 'id="column-in_progress"' in answer
    assert 'id="column-done"' not in answer and 'id="head"' not in answer
    after = answer.split('data-news="')[1].split('"')[0]
    assert member.get(news, {"seen": after}).status_code == 204


def test_what_is_done_draws_the_burndown_anew(member, product_owner, sprint, stories, news):
    seen = seen_on(member.get(sprint.get_absolute_url()))
    finish(stories[0], by=product_owner.user)

    answer = member.get(news, {"seen": seen}).text

    assert "3 of 9 points done" in answer


@pytest.mark.parametrize("change", ["title", "points", "place", "taken out"])
def test_everything_a_card_shows_is_news(member, product_owner, sprint, stories, news, change):
    owner = product_owner.user
    seen = seen_on(member.get(sprint.get_absolute_url()))
    stories[0].refresh_from_db()
    {
        "title": lambda: stories[0].edit(title="Reworded", by=owner),
        "points": lambda: stories[0].edit(points=8, by=owner),
        "place": lambda: member.post(move_url(sprint, stories[2]), {"to": "ready", "where": "top"}),
        "taken out": lambda: sprint.take_out([stories[0]], by=owner, why="Too much"),
    }[change]()

    assert member.get(news, {"seen": seen}).status_code == 200


@pytest.mark.parametrize("seen", ["", "1.2", "x" * 500, "1.2.3.4.5.6"])
def test_a_screen_that_saw_nonsense_gets_everything(member, sprint, news, seen):
    answer = member.get(news, {"seen": seen})

    assert answer.text.count("data-column=") == 5


def test_when_the_sprint_is_closed_the_page_is_asked_for_again(member, product_owner, sprint, stories, news):
    sprint.close("met", "Done", {one.reference: "backlog" for one in stories}, by=product_owner.user)

    assert member.get(news)["HX-Refresh"] == "true"


def test_a_card_moves_by_a_plain_form(member, sprint, stories):
    page = member.get(move_url(sprint, stories[0]))
    assert "Move " + stories[0].reference in page.text

    answer = member.post(
        move_url(sprint, stories[0]), {"to": "in_progress", "where": "bottom", "seen": "ready"}, follow=True
    )

    assert f"<b>{stories[0].reference}</b> moved to In progress, 1st of 1" in answer.text
    stories[0].refresh_from_db()
    assert stories[0].state == "in_progress"


def test_a_move_without_scripts_can_be_taken_back(member, sprint, stories):
    answer = member.post(move_url(sprint, stories[0]), {"to": "in_progress", "where": "bottom"}, follow=True)
    form = answer.text.split('id="said"')[1].split("</form>")[0]
    fields = dict(part.split('" value="') for part in [one.split('">')[0] for one in form.split('name="')[1:]])
    fields.pop("csrfmiddlewaretoken", None)

    member.post(move_url(sprint, stories[0]), fields)

    stories[0].refresh_from_db()
    assert stories[0].state == "ready"
    order = [one.reference for one in sprint.commitments.held().in_place()]
    assert order == [one.reference for one in stories]


def test_a_move_with_htmx_answers_with_one_card_and_two_sums(member, sprint, stories, htmx):
    seen = seen_on(member.get(sprint.get_absolute_url()))

    answer = member.post(
        move_url(sprint, stories[0]), {"to": "in_progress", "where": "bottom", "seen": "ready", "board": seen}, **htmx
    )

    assert answer.text.count("data-card=") == 1
    assert answer.text.count("hx-swap-oob") == 3
    assert "2 · 6 points" in answer.text and "1 · 3 points" in answer.text
    assert len(answer.content) < 5000


@pytest.mark.parametrize("where", ["top", "bottom"])
def test_a_move_between_many_cards_costs_no_more_than_between_few(
    member, team, product_owner, sprint, stories, htmx, at_most, where
):
    more = [ready_story(team, product_owner.user) for _ in range(20)]
    sprint.pull(more, by=product_owner.user, why="All of it")
    for one in more[:10]:
        one.move_to(StoryState.IN_PROGRESS, by=product_owner.user)

    with at_most(12):
        answer = member.post(move_url(sprint, stories[0]), {"to": "in_progress", "where": where}, **htmx)

    assert answer.status_code == 200


def test_who_missed_another_move_still_hears_of_it(member, product_owner, sprint, stories, htmx, news):
    seen = seen_on(member.get(sprint.get_absolute_url()))
    bring(stories[1], StoryState.IN_REVIEW, by=product_owner.user)

    answer = member.post(move_url(sprint, stories[0]), {"to": "in_progress", "where": "top", "board": seen}, **htmx)

    mine = answer.text.split('data-news="')[1].split('"')[0]
    assert mine == seen
    assert 'id="column-in_review"' in member.get(news, {"seen": mine}).text


def test_a_stale_move_is_refused_and_says_who_was_first(member, product_owner, sprint, stories, htmx):
    bring(stories[0], StoryState.IN_REVIEW, by=product_owner.user)
    answers = {"to": "in_progress", "where": "top", "seen": "ready"}

    plain, swapped = (member.post(move_url(sprint, stories[0]), answers, **more) for more in ({}, htmx))

    assert plain.status_code == swapped.status_code == 409
    for answer in (plain, swapped):
        assert "is in “In review” now" in answer.text and product_owner.user.name in answer.text
    assert 'name="seen" value="in_review"' in plain.text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Choose a column"),
        ({"to": "nowhere", "where": "top"}, "Choose a column of the board"),
        ({"to": "ready"}, "Choose a place"),
        ({"to": "ready", "where": "before"}, "Enter the card it should stand above"),
        ({"to": "ready", "where": "before", "other": "X" * 21}, "characters or fewer"),
        ({"to": "done", "where": "top"}, "not ticked yet"),
    ],
)
def test_mistakes_are_explained(product_owner, sprint, stories, answers, words):
    answer = product_owner.post(move_url(sprint, stories[0]), answers)

    assert answer.status_code == 422
    assert words in answer.text


def test_somebody_elses_move_is_undone_by_the_product_owner_only(member, researcher, sprint, stories):
    answer = member.post(move_url(sprint, stories[0]), {"to": "in_progress", "where": "top"}, follow=True)
    undo = answer.text.split('name="undo" value="')[1].split('"')[0]
    back = {"to": "ready", "where": "top", "undo": undo}

    assert researcher.post(move_url(sprint, stories[0]), back).status_code == 409
    assert member.post(move_url(sprint, stories[0]), back).status_code == 302


def test_a_story_that_left_the_columns_is_named(product_owner, sprint, stories):
    stories[0].refresh_from_db()
    stories[0].move_to(StoryState.ON_HOLD, by=product_owner.user)

    page = product_owner.get(sprint.get_absolute_url()).text

    assert f"{stories[0].reference}</a> is on hold" in page


def test_a_blocked_card_says_what_by(member, product_owner, team, sprint, stories, news, at_most):
    seen = seen_on(member.get(sprint.get_absolute_url()))
    raised_blocker(team, member.user, title="The pack is with corporate design", story=stories[0], risks_goal=True)

    with at_most(8):
        page = member.get(sprint.get_absolute_url()).text

    card = page.split(f'data-card="{stories[0].reference}"')[1].split("</li>")[0]
    assert "<b>Blocked.</b>" in card and "The pack is with corporate design" in card and "new today" in card
    assert "1 blocker risks the goal" in page
    assert 'id="column-ready"' in member.get(news, {"seen": seen}).text
