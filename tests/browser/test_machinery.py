"""What static/src/app.js promises on every page: focus, words, keys, drafts."""

import pytest
from playwright.sync_api import expect

from tests.factories import ranked_opportunity, ready_opportunity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "The plan was agreed and the letter still came"


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def open_as(visit):
    """`open_as(product_owner, "/path/")`: the page as that person sees it, in the one window of the test."""

    def open(person, path, width=1280, scheme="light"):
        page = visit(person, width)
        page.emulate_media(color_scheme=scheme)
        page.goto(path)
        return page

    yield open
    assert not [one for one in visit.trouble if "/static/" in one or "Content Security" in one or "Error:" in one]


@pytest.fixture
def three(team, product_owner):
    return [ranked_opportunity(team, product_owner.user, 8, size) for size in (1, 2, 3)]


@pytest.fixture
def listing(open_as, product_owner, team, three):
    return open_as(product_owner, f"/teams/{team.slug}/opportunities/")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_a_page_that_is_not_there_is_accessible(open_as, product_owner, axe, width, scheme):
    """No link leads to one, so test_every_page does not come by."""
    axe(open_as(product_owner, "/nowhere/", width, scheme))


def test_a_mistake_takes_focus_and_its_link_leads_to_the_field(open_as, product_owner, team, axe):
    page = open_as(product_owner, f"/teams/{team.slug}/opportunities/add/")

    page.get_by_role("button", name="Add it", exact=True).click()

    expect(page.locator(".summary")).to_be_focused()
    axe(page)
    page.get_by_role("link", name="Enter the title").click()
    expect(page.get_by_label("Title")).to_be_focused()


@pytest.mark.parametrize("times", [1, 2])
def test_a_refused_swap_says_so_and_takes_focus(listing, three, times):
    """Twice, because the first answer must not replace the place of the second."""
    for one in three[:times]:
        listing.route(f"**/opportunities/{one.reference}/score/", lambda route: route.fulfill(status=403, body=REFUSED))
        listing.get_by_role("link", name=f"Score {one.reference}").click()

        expect(listing.locator("#problem .summary")).to_be_focused()
    assert listing.locator("tr[data-row]").count() == 3


REFUSED = '<div class="summary" role="alert" tabindex="-1" data-focus><h2>You cannot do this</h2></div>'


def test_keys_walk_the_list_and_select(listing, three):
    listing.keyboard.press("j")
    listing.keyboard.press("j")
    listing.keyboard.press("x")

    expect(listing.get_by_label(f"Select {three[1].reference}")).to_be_checked()
    expect(listing.locator("[data-picked]")).to_have_text("1 selected")


def test_keys_score_the_row(listing, three):
    listing.keyboard.press("j")
    listing.keyboard.press("v")
    expect(listing.locator(".editing")).to_be_visible()
    listing.keyboard.press("5")

    expect(listing.locator(".editing select[name=value]")).to_have_value("5")
    expect(listing.locator(".editing")).to_contain_text("5 ÷ 1 = 5.00")


def test_keys_can_be_switched_off(open_as, product_owner, team, three):
    type(product_owner.user).objects.filter(pk=product_owner.user.pk).update(single_keys=False)
    page = open_as(product_owner, f"/teams/{team.slug}/opportunities/")

    page.keyboard.press("j")

    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_all_on_the_page_are_selected_at_once(listing):
    listing.get_by_label("All on this page").check()

    expect(listing.locator("input[name=pick]:checked")).to_have_count(3)
    expect(listing.get_by_role("button", name="Park")).to_be_visible()


def test_nothing_lies_over_what_has_focus_on_a_phone(listing, axe):
    listing.set_viewport_size({"width": 320, "height": 640})
    listing.get_by_label("All on this page").check()

    for link in listing.locator("[data-open]").all():
        link.focus()
        below = link.evaluate("e => e.getBoundingClientRect().bottom")
        assert below <= listing.locator("#bulk").evaluate("e => e.getBoundingClientRect().top")


@pytest.fixture
def thing(open_as, product_owner, team):
    one = ready_opportunity(team, product_owner.user)
    return open_as(product_owner, f"/opportunities/{one.reference}/")


def drafts(page):
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('draft:'))")


def test_what_was_typed_outlives_the_page(thing):
    thing.get_by_label("Your comment").fill(WORDS)
    address = thing.url

    thing.goto(address.split("/opportunities/")[0] + "/help/")
    thing.goto(address)

    expect(thing.get_by_label("Your comment")).to_have_value(WORDS)
    expect(thing.locator("#said")).to_contain_text("is back in the form")


def test_what_was_sent_is_forgotten(thing):
    thing.get_by_label("Your comment").fill(WORDS)

    thing.get_by_role("button", name="Comment", exact=True).click()

    expect(thing.get_by_text(WORDS)).to_be_visible()
    expect(thing.get_by_label("Your comment")).to_have_value("")
    assert not drafts(thing)


def test_what_was_refused_is_not_lost(thing):
    """The session ended meanwhile: the answer is the sign-in page, and the words come back after it."""
    address = thing.url
    thing.get_by_label("Your comment").fill(WORDS)
    cookies = thing.context.cookies()
    thing.context.clear_cookies(name="session")

    thing.get_by_role("button", name="Comment", exact=True).click()
    expect(thing.get_by_role("heading", name="Sign in")).to_be_visible()
    thing.context.add_cookies(cookies)
    thing.goto(address)

    expect(thing.get_by_label("Your comment")).to_have_value(WORDS)


def test_another_person_finds_nothing_of_what_was_typed(thing, delivery_manager):
    thing.get_by_label("Your comment").fill(WORDS)
    other = delivery_manager.cookies["session"].value
    thing.context.clear_cookies(name="session")
    thing.context.add_cookies([{"name": "session", "value": other, "domain": "localhost", "path": "/"}])
    thing.reload()

    expect(thing.get_by_text("Delivery manager").first).to_be_visible()
    expect(thing.get_by_label("Your comment")).to_have_value("")
    assert not drafts(thing)
