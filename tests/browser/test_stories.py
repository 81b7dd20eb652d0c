"""Stories from a few typed lines to done: by mouse, by keyboard alone and without scripts."""

import pytest
from playwright.sync_api import expect

from backlog.models import Story, StoryState
from tests.browser.dragging import drag
from tests.browser.scripts import with_scripts
from tests.browser.ways import WAYS
from tests.factories import make_story, planned_sprint, ready_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/teams/housing/stories/"


def order():
    return [story.title for story in Story.objects.open().in_order()]


@WAYS
def test_typed_lines_become_a_story_that_is_done(team, product_owner, visit, look, width):
    page = visit(product_owner, width)
    page.goto(LIST)
    page.get_by_label("One on each line").fill(
        "As a carer, I need to print the pack so that I can help\nbug: Print is cut off"
    )
    page.get_by_role("button", name="Add them").click()
    page.get_by_text("2 stories are added").wait_for()
    look(page, "list")

    page.get_by_role("link", name="Print the pack").click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("It’s done when").fill("It fits on eight pages")
    page.get_by_label("Size").select_option("3")
    look(page, "edit")
    page.get_by_role("button", name="Save").click()
    for step in ("Mark as ready", "Start", "Send to review", "Ask for sign-off"):
        page.get_by_role("button", name=step).click()
    page.get_by_text("is now “Ready for sign-off”").wait_for()
    look(page, "story")

    page.goto("/teams/housing/sign-off/")
    page.get_by_label("It fits on eight pages").check()
    if not page.get_by_role("button", name="Save the ticks").is_visible():  # else the tick goes with the decision
        page.get_by_text("1 of 1 ticked").wait_for()
    look(page, "queue")
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("is now “Done”").wait_for()

    assert Story.objects.get(title="Print the pack").state == StoryState.DONE
    assert not visit.trouble


def test_a_story_moves_by_its_page(team, product_owner, visit, look):
    for title in ("A", "B", "C"):
        make_story(team, product_owner.user, title=title)
    page = visit(product_owner)
    page.goto(LIST)

    page.get_by_role("link", name="Move HOU-3").click()
    look(page, "move")
    page.get_by_label("Top").check()
    page.get_by_role("button", name="Move it").click()
    page.get_by_text("Undo").wait_for()
    assert order() == ["C", "A", "B"]
    page.get_by_role("button", name="Undo").click()
    page.wait_for_url("**/stories/**")

    assert order() == ["A", "B", "C"] and not visit.trouble


@with_scripts
def test_a_story_moves_by_keyboard(team, product_owner, visit):
    for title in ("A", "B", "C"):
        make_story(team, product_owner.user, title=title)
    page = visit(product_owner)
    page.goto(LIST)

    page.get_by_role("link", name="C", exact=True).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_text("Now 2nd, was 3rd").wait_for()
    assert order() == ["A", "C", "B"]
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_text("Now 1st, was 2nd").wait_for()

    assert order() == ["C", "A", "B"] and not visit.trouble


@with_scripts
def test_a_story_is_dragged_above_another(team, product_owner, visit):
    made = [make_story(team, product_owner.user, title=title) for title in ("A", "B", "C")]
    page = visit(product_owner)
    page.goto(LIST)
    rows = [page.locator(f"#story-{one.pk}") for one in made]

    drag(page, rows[2], rows[0], above=True, held_at=500)  # beside its words
    page.get_by_text("Now 1st, was 3rd").wait_for()

    assert order() == ["C", "A", "B"] and not visit.trouble


@WAYS
def test_several_stories_are_given_to_somebody_and_taken_back(team, product_owner, member, visit, look, scripts, width):
    made = [ready_story(team, product_owner.user, title=title) for title in ("A", "B", "C")]
    page = visit(product_owner, width)
    page.goto(LIST)
    if scripts:
        page.get_by_role("link", name="A", exact=True).focus()
        page.keyboard.press("x")
        page.get_by_text("1 selected").wait_for()
    else:
        page.get_by_label(f"Select {made[0].reference}").check()
    page.get_by_label(f"Select {made[2].reference}").check()
    expect(page.get_by_label("All on this page")).to_be_visible(visible=scripts)
    look(page, "selected")

    page.get_by_role("button", name="Assign").click()
    page.get_by_label("Assignee").select_option("Team member")
    look(page, "bulk")
    page.get_by_role("button", name="Assign").click()
    page.get_by_text("2 stories: assigned them to Team member").wait_for()
    assert [Story.objects.get(pk=one.pk).assignee for one in made] == [member.user, None, member.user]
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone for").wait_for()

    assert not Story.objects.exclude(assignee=None).exists() and not visit.trouble


def test_selected_stories_are_pulled_into_the_sprint(team, product_owner, visit, look):
    story = ready_story(team, product_owner.user)
    planned_sprint(team, product_owner.user)
    page = visit(product_owner, 320)
    page.goto(LIST)
    page.get_by_label(f"Select {story.reference}").check()
    page.get_by_role("button", name="Pull into a sprint").click()
    look(page, "pull")
    page.get_by_role("button", name="Pull in").click()

    page.get_by_text(f"You pulled in {story.reference}").wait_for()
    assert story.commitments.held().exists()
    look(page, "pulled")

    page.get_by_role("button", name="Undo").click()
    page.get_by_text(f"{story.reference} taken out again").wait_for()
    assert not story.commitments.exists() and not visit.trouble


def test_a_story_of_13_is_split(team, product_owner, visit, look):
    story = ready_story(team, product_owner.user, points=13, criteria=["It can be saved", "It can be printed"])
    page = visit(product_owner)
    page.goto(story.get_absolute_url())
    page.get_by_role("link", name="Split this").click()
    look(page, "split")
    page.get_by_label("Title").nth(0).fill("Save it")
    page.get_by_label("Title").nth(1).fill("Print it")
    page.get_by_label("It can be printed").select_option("2")
    page.get_by_role("button", name="Split it").click()
    page.get_by_text("is split into 2 stories").wait_for()

    assert order() == ["Save it", "Print it"] and not visit.trouble
