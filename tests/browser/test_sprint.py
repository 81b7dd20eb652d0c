"""A sprint planned, started, worked on and closed: without scripts too, by mouse, keys and menu, on two screens."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.dragging import drag
from tests.browser.scripts import with_scripts
from tests.browser.ways import WAYS
from tests.factories import ready_story, started_sprint

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = ["See the first things to do in order", "Answer a few questions", "Pick up a printed pack"]


@pytest.fixture
def stories(team, product_owner, member):
    return [ready_story(team, product_owner.user, title=title, assignee=member.user) for title in TITLES]


@pytest.fixture
def sprint(team, product_owner, stories):
    return started_sprint(team, product_owner.user, stories, goal="People find their next three steps")


def states(stories):
    for one in stories:
        one.refresh_from_db()
    return [one.state for one in stories]


def card(page, story):
    return page.locator(f"[data-card={story.reference}]")


def column(page, state):
    return page.locator(f"#column-{state}")


@WAYS
def test_a_sprint_is_planned_started_worked_on_and_closed(visit, axe, scripts, product_owner, team, stories, width):
    page = visit(product_owner, width)
    page.goto("/teams/housing/sprints/")
    axe(page)
    page.get_by_role("link", name="Plan the first one").click()
    page.get_by_label("Sprint goal").fill("People find their next three steps")
    axe(page)
    page.get_by_role("button", name="Plan it").click()

    for story in stories[:2]:
        page.get_by_label(f"Select {story.reference}").check()
    page.get_by_role("button", name="Pull in the selected").click()
    page.get_by_role("button", name=f"Pull in {stories[2].reference}").click()
    expect(page.locator(".kept")).to_contain_text("9 points")
    axe(page)
    page.get_by_role("link", name="Start the sprint").click()
    axe(page)
    page.get_by_role("button", name="Start the sprint").click()
    expect(page.locator("[data-card]")).to_have_count(3)
    expect(page.get_by_text("Drag a card")).to_be_visible(visible=scripts)
    axe(page)

    page.goto(f"/teams/housing/sprints/1/cards/{stories[0].reference}/move/")
    axe(page)
    page.get_by_text("In review", exact=True).click()
    page.get_by_role("button", name="Move it").click()
    expect(page.locator("#said")).to_contain_text(f"{stories[0].reference} moved to In review, 1st of 1")
    assert states(stories) == ["in_review", "ready", "ready"]
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(column(page, "ready").locator("[data-card]")).to_have_count(3)

    page.get_by_role("link", name="Close sprint").click()
    page.get_by_text("Partly met", exact=True).click()
    page.get_by_role("button", name="Close the sprint").click()
    expect(page.locator(".summary")).to_contain_text("Say in a sentence why")
    axe(page)
    page.get_by_label("Why, in a sentence").fill("Two of three were found")
    for group in page.locator(".unfinished li").all():
        group.get_by_text("The next sprint", exact=True).click()
    page.get_by_role("button", name="Close the sprint").click()
    expect(page.locator(".verdict")).to_contain_text("Goal partly met")
    axe(page)
    page.get_by_role("link", name="How these figures came about").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    axe(page)
    page.goto("/teams/housing/sprints/")
    expect(page.locator(".verdicts")).to_contain_text("Two of three were found")
    axe(page)
    assert [one for one in visit.trouble if not one.startswith("422") and "422" not in one] == []


@with_scripts
def test_cards_move_by_keys_alone_and_keep_the_focus(visit, axe, member, sprint, stories):
    page = visit(member)
    page.goto(sprint.get_absolute_url())
    move = card(page, stories[0]).get_by_role("link", name="Move")
    move.focus()

    page.keyboard.press("Alt+ArrowRight")
    expect(column(page, "in_progress")).to_contain_text(TITLES[0])
    expect(page.locator("#said")).to_contain_text(f"{stories[0].reference} moved to In progress, 1st of 1")
    expect(card(page, stories[0]).get_by_role("link", name="Move")).to_be_focused()
    expect(page.locator("#sum-ready")).to_have_text("2 · 6 points")

    card(page, stories[2]).get_by_role("link", name="Move").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(column(page, "ready").locator("[data-card]").first).to_contain_text(TITLES[2])
    expect(card(page, stories[2]).get_by_role("link", name="Move")).to_be_focused()

    page.keyboard.press("m")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Ready", exact=True)).to_be_disabled()
    axe(page)
    page.get_by_role("button", name="In progress").click()
    expect(column(page, "in_progress").locator("[data-card]")).to_have_count(2)
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(card(page, stories[2]).get_by_role("link", name="Move")).to_be_focused()
    assert states(stories) == ["in_progress", "ready", "in_progress"]
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(column(page, "ready").locator("[data-card]")).to_have_count(2)
    assert states(stories) == ["in_progress", "ready", "ready"]


@with_scripts
@pytest.mark.parametrize("width", [1280, 320])
def test_what_a_move_says_pushes_no_card_from_under_the_pointer(visit, axe, member, sprint, stories, width):
    page = visit(member, width)
    page.goto(sprint.get_absolute_url())
    place = "card => card.getBoundingClientRect().top + scrollY"
    where = card(page, stories[0]).evaluate(place)

    card(page, stories[2]).get_by_role("link", name="Move").focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(page.locator("#said")).to_contain_text("moved to In progress")

    assert card(page, stories[0]).evaluate(place) == where
    axe(page)


@pytest.mark.parametrize("to", ["In review", "Ready for sign-off"])
def test_a_move_across_several_columns_is_taken_back_at_once(visit, member, sprint, stories, scripts, to):
    page = visit(member)
    page.goto(sprint.get_absolute_url())
    card(page, stories[1]).get_by_role("link", name="Move").click()
    if scripts:
        page.get_by_role("dialog").get_by_role("button", name=to, exact=True).click()
    else:
        page.get_by_text(to, exact=True).click()
        page.get_by_role("button", name="Move it").click()
    expect(page.locator("#said")).to_contain_text(f"moved to {to}")

    page.locator("#said").get_by_role("button", name="Undo").click()

    expect(column(page, "ready").locator("[data-card]")).to_have_count(3)
    assert states(stories) == ["ready"] * 3
    assert [one.get_attribute("data-card") for one in page.locator("[data-card]").all()] == [
        one.reference for one in stories
    ]


@with_scripts
def test_a_card_is_dragged_and_a_refused_one_goes_back(visit, member, sprint, stories):
    page = visit(member)
    page.goto(sprint.get_absolute_url())

    drag(page, card(page, stories[1]), column(page, "in_progress").locator(".cards"))
    expect(column(page, "in_progress")).to_contain_text(TITLES[1])
    expect(page.locator("#said")).to_contain_text("moved to In progress")
    assert states(stories) == ["ready", "in_progress", "ready"]

    drag(page, card(page, stories[0]), column(page, "done").locator(".cards"))
    expect(page.locator("#said")).to_contain_text("Only the product owner")
    expect(column(page, "ready")).to_contain_text(TITLES[0])
    assert states(stories) == ["ready", "in_progress", "ready"]


@with_scripts
def test_two_screens_see_each_others_moves_and_nobody_loses_focus(visit, member, product_owner, sprint, stories):
    mine, theirs = visit(member), visit(product_owner)
    mine.goto(sprint.get_absolute_url())
    theirs.goto(sprint.get_absolute_url())
    title = card(mine, stories[2]).get_by_role("link", name=TITLES[2])
    title.focus()
    search = theirs.get_by_role("searchbox", name=re.compile("Search everything"))
    search.fill("half a wo")

    card(theirs, stories[2]).get_by_role("link", name="Move").focus()
    theirs.keyboard.press("Alt+ArrowRight")
    expect(column(theirs, "in_progress")).to_contain_text(TITLES[2])
    began = time.monotonic()
    expect(column(mine, "in_progress")).to_contain_text(TITLES[2])
    assert time.monotonic() - began < 3
    expect(title).to_be_focused()

    search.focus()
    card(mine, stories[0]).get_by_role("link", name="Move").focus()
    mine.keyboard.press("Alt+ArrowRight")
    expect(column(theirs, "in_progress")).to_contain_text(TITLES[0])
    expect(search).to_be_focused()
    expect(search).to_have_value("half a wo")
    assert visit.trouble == []
