"""The list of opportunities, as a product owner works in it: four ways to move, keys, filters, many at once, and what
is seen when the server does not answer as it should (P6)."""

import pytest
from playwright.sync_api import expect

from backlog.models import Opportunity, State
from tests.factories import ranked_opportunity, ready_opportunity

from .dragging import drag
from .scripts import with_scripts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/teams/housing/opportunities/"


@pytest.fixture
def page(team, product_owner, visit):
    for size, title in enumerate(["Letters", "Repairs", "Keys"], 1):
        ranked_opportunity(team, product_owner.user, 8, size, title=title)
    ready_opportunity(team, product_owner.user, title="Damp")
    page = visit(product_owner)
    page.goto(LIST)
    yield page
    assert not [one for one in visit.trouble if "/static/" in one or "Content Security" in one or "Error:" in one]


def order():
    return [one.title for one in Opportunity.objects.ranked()]


def test_it_moves_by_its_page_and_back(page, axe):
    page.get_by_role("link", name="Move HOU-3").click()
    axe(page)
    page.get_by_label("Top").check()
    page.get_by_role("button", name="Move it").click()

    page.get_by_role("button", name="Undo").wait_for()
    assert order() == ["Keys", "Letters", "Repairs"]
    axe(page)
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("undid").first.wait_for()
    assert order() == ["Letters", "Repairs", "Keys"]


def test_a_wrong_place_is_said_on_the_page_and_moves_nothing(page):
    page.get_by_role("link", name="Move HOU-3").click()
    page.get_by_label("A place in the list").check()
    page.get_by_label("Place, counted from 1").fill("0")
    page.get_by_role("button", name="Move it").click()

    page.get_by_role("heading", name="There is a problem").wait_for()
    assert order() == ["Letters", "Repairs", "Keys"]


@with_scripts
def test_it_moves_by_keys_and_keeps_the_focus(page):
    page.get_by_role("link", name="Keys", exact=True).focus()

    page.keyboard.press("Alt+ArrowUp")
    page.get_by_text("Now 2nd, was 3rd").wait_for()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_text("Now 1st, was 2nd").wait_for()

    assert order() == ["Keys", "Letters", "Repairs"]
    expect(page.locator("tbody tr").first).to_contain_text("Keys")
    assert page.evaluate("document.activeElement.closest('tr').dataset.row") == "HOU-3"


@with_scripts
def test_it_is_dragged(page):
    drag(page, page.locator("[data-row=HOU-3] .ref"), page.locator("[data-row=HOU-1]"), above=True, held_at=5)

    page.get_by_text("Now 1st, was 3rd").wait_for()
    assert order() == ["Keys", "Letters", "Repairs"]


@with_scripts
def test_the_last_place_of_a_filtered_list_is_not_the_bottom_of_all(page, team, product_owner):
    theme = team.programme.themes.create(name="In writing")
    for one in Opportunity.objects.filter(title__in=["Letters", "Repairs"]):
        one.add_theme(theme, by=product_owner.user)
    page.goto(f"{LIST}?theme={theme.pk}")

    drag(page, page.locator("[data-row=HOU-1] .ref"), page.locator("[data-row=HOU-2]"), below=True, held_at=5)

    page.get_by_text("Now 2nd, was 1st").wait_for()
    assert order() == ["Repairs", "Letters", "Keys"]


@with_scripts
def test_a_row_dragged_without_a_connection_goes_back(page):
    rows = page.locator("[data-ranked] .ref")
    page.route("**/move/**", lambda route: route.abort("failed"))

    drag(page, page.locator("[data-row=HOU-3] .ref"), page.locator("[data-row=HOU-1]"), above=True, held_at=5)

    expect(page.locator("#problem .summary")).to_contain_text("No connection")
    expect(rows).to_have_text(["HOU-1", "HOU-2", "HOU-3"])
    assert order() == ["Letters", "Repairs", "Keys"]


def score_by_keys(page):
    """As fast as they can be pressed: some are before the form is there."""
    for key in "v5sm":
        page.keyboard.press(key)
    expect(page.locator(".editing")).to_contain_text("5 ÷ 3 = 1.67")


@with_scripts
def test_it_is_scored_by_keys_alone(page):
    damp = page.get_by_role("link", name="Damp", exact=True)
    damp.focus()
    page.keyboard.press("v")
    page.locator(".editing").get_by_role("link", name="Cancel").press("Enter")
    expect(damp).to_be_focused()
    score_by_keys(page)
    page.keyboard.press("Enter")

    page.get_by_text("It would be 4th of 4 if taken forward").wait_for()
    damp = Opportunity.objects.get(title="Damp")
    assert (damp.value, damp.size) == (5, 3)
    assert page.evaluate("document.activeElement.closest('tr').dataset.row") == "HOU-4"

    page.get_by_role("button", name="Undo").click()
    page.get_by_text("HOU-4: you undid “scored 5 ÷ 3 = 1.67”").wait_for()
    assert Opportunity.objects.get(title="Damp").value is None


@with_scripts
def test_keys_that_come_before_the_form_are_for_it(page):
    held = []
    page.route("**/score/", lambda route: held.append(route) if route.request.method == "GET" else route.continue_())
    page.get_by_role("link", name="Damp", exact=True).focus()
    for key in ["v", "5", "s", "m", "Enter"]:
        page.keyboard.press(key)

    held[0].continue_()

    page.get_by_text("It would be 4th of 4 if taken forward").wait_for()
    damp = Opportunity.objects.get(title="Damp")
    assert (damp.value, damp.size) == (5, 3)


@with_scripts
def test_what_a_score_would_be_is_that_of_the_last_figure_chosen(page):
    """Answers come in any order: the first is held back here until the second is on the page."""
    held = []
    page.route("**/preview/**", lambda route: route.continue_() if held else held.append(route))
    page.get_by_role("link", name="Damp", exact=True).focus()
    page.keyboard.press("v")
    page.locator(".editbox").wait_for()  # figures that came before the form are asked of together
    with page.expect_request("**/preview/**"):
        page.keyboard.press("5")
    for key in "sm":
        page.keyboard.press(key)
    expect(page.locator(".editing")).to_contain_text("5 ÷ 3 = 1.67")

    held[0].fulfill(body="An answer to what was chosen before")
    page.wait_for_timeout(300)

    expect(page.locator(".editing")).to_contain_text("5 ÷ 3 = 1.67")


def test_many_are_parked_together_and_the_filter_stays(page, team, product_owner, axe):
    ready_opportunity(team, product_owner.user, title="Mould")
    page.goto(f"{LIST}?status=ready")
    page.get_by_label("Select HOU-4").check()
    page.get_by_label("Select HOU-5").check()
    page.get_by_role("button", name="Park").click()
    axe(page)
    page.get_by_label("Reason").fill("A new letter is being written")
    page.get_by_label("Look at them again on").fill("27 3 2099")
    page.get_by_role("button", name="Park").click()

    page.get_by_role("button", name="Undo").wait_for()
    assert "status=ready" in page.url
    assert Opportunity.objects.filter(state=State.PARKED).count() == 2


def test_filters_stand_in_the_address_and_can_be_left(page):
    page.get_by_label("Find in this list").fill("damp")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**q=damp**")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.get_by_label("Find in this list").fill("nothing like it")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Show all open opportunities").click()

    expect(page.locator("tbody tr")).to_have_count(4)


@pytest.fixture
def half_scored(page):
    page.get_by_role("link", name="Score HOU-4").click()
    with page.expect_response("**/score/preview/**") as asked:
        page.locator(".editing select[name=value]").select_option("5")
    assert "csrf" not in asked.value.url
    return page


@with_scripts
def test_p6_when_somebody_scored_first_both_scores_are_shown(half_scored, product_owner):
    Opportunity.objects.get(title="Damp").set_score(8, 1, by=product_owner.user)
    half_scored.get_by_role("button", name="Save").click()

    half_scored.get_by_text("HOU-4 was changed meanwhile").wait_for()
    assert Opportunity.objects.get(title="Damp").value == 8


@with_scripts
def test_p6_an_ended_session_leads_to_signing_in(half_scored):
    half_scored.context.clear_cookies(name="session")
    half_scored.get_by_role("button", name="Save").click()

    half_scored.get_by_role("heading", name="Sign in").wait_for()
