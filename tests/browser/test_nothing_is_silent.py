"""Whatever a control meets instead of its answer is seen and has the focus, with a way back; what was chosen or typed
stays (P6). The answers are those of the server; 409, 422 and an ended session have a journey of their own."""

import re
from functools import partial
from itertools import cycle

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from config.errors import WORDS
from tests.doors import world
from tests.people import signed_in
from tests.soak import in_soak

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REFUSALS = [400, 403, 404, 413, 429, 500, 503]
WORDS_TYPED = "Since the letter of 4 March"


@pytest.fixture
def scripts():
    return True


@pytest.fixture
def mine():
    return world.build("mine", "MIN")


@pytest.fixture
def open_as(mine, visit):
    def open(role, address):
        page = visit(signed_in(mine.people[role]))
        page.goto(address)
        return page

    yield open
    assert not [one for one in visit.trouble if "Uncaught" in one or "Error:" in one]


# --- The controls: each gives its page, what to do there, and what must not change by it


def scores(mine, open_as):
    page = open_as("product_owner", "/teams/mine/opportunities/")
    page.get_by_role("link", name=f"Score {mine.ready.reference}").click()
    value = page.locator(".editing select[name=value]")
    with page.expect_response("**/preview/**"):
        value.select_option("5")
    return page, page.get_by_role("button", name="Save").click, lambda: expect(value).to_have_value("5")


def opens_a_score(mine, open_as):
    page = open_as("product_owner", "/teams/mine/opportunities/")
    link = page.get_by_role("link", name=f"Score {mine.ready.reference}")
    return page, link.click, lambda: expect(link).to_be_visible()


def moves_a_row(mine, open_as):
    page = open_as("product_owner", "/teams/mine/opportunities/")
    rows = page.locator("[data-ranked]")
    before = rows.evaluate_all("rows => rows.map(row => row.id)")
    rows.first.locator("[data-open]").focus()

    def same():
        assert rows.evaluate_all("rows => rows.map(row => row.id)") == before

    return page, partial(rows.first.locator("[data-open]").press, "Alt+ArrowDown"), same


def moves_a_card(mine, open_as):
    page = open_as("member", mine.sprint.get_absolute_url())
    card = page.locator(f"[data-card={mine.story.reference}]")
    column = page.locator("[data-column]", has=card).get_attribute("id")
    same = page.locator(f"#{column} [data-card={mine.story.reference}]")
    return page, partial(card.locator("[data-open]").press, "Alt+ArrowRight"), lambda: expect(same).to_be_visible()


def ticks(mine, open_as):
    page = open_as("member", mine.story.get_absolute_url())
    box = page.locator("[name=ticked]").first
    return page, box.click, lambda: expect(box).to_be_visible()


def answers(mine, open_as):
    page = open_as("lead_invited", f"/teams/mine/playbacks/{mine.playback.pk}/")
    item = page.locator(f"#item-{mine.item.pk}")
    item.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    item.get_by_text("Question", exact=True).click()
    field = item.locator("textarea:visible").first
    field.fill(WORDS_TYPED)
    return page, item.get_by_role("button", name="Save answer").click, lambda: expect(field).to_have_value(WORDS_TYPED)


def decides(mine, open_as):
    page = open_as("product_owner", mine.review.get_absolute_url())
    page.get_by_text("Park", exact=True).click()
    reason = page.get_by_label("Reason")
    reason.fill(WORDS_TYPED)
    return (
        page,
        page.get_by_role("button", name="Save and next").click,
        lambda: expect(reason).to_have_value(WORDS_TYPED),
    )


def asks_what_it_would_be(mine, open_as):
    """Each time another value is chosen."""
    page = open_as("product_owner", mine.review.get_absolute_url())
    values = cycle(page.locator("#decide input[name=value]").all()[:2])
    return page, lambda: next(values).check(force=True), lambda: expect(page.locator("#decide")).to_be_visible()


def shows_the_scores(mine, open_as):
    item = mine.review.here()
    item.silent_scores.create(user=mine.people["member"], value=3)
    page = open_as("product_owner", mine.review.get_absolute_url())
    button = page.get_by_role("button", name="Show the scores")
    return page, button.click, lambda: expect(button).to_be_visible()


def proposes(mine, open_as):
    page = open_as("lead_invited", mine.review.get_absolute_url())
    value = page.locator("#follow input[name=value]").first
    value.check(force=True)
    return page, page.get_by_role("button", name="Give your score").click, lambda: expect(value).to_be_checked()


def replies(mine, open_as):
    page = open_as("product_owner", f"/teams/mine/playbacks/{mine.playback.pk}/")
    page.locator("summary", has_text="Reply").first.click()
    field = page.get_by_label("Your reply").first
    field.fill(WORDS_TYPED)
    return (
        page,
        page.get_by_role("button", name="Send the reply").click,
        lambda: expect(field).to_have_value(WORDS_TYPED),
    )


def chooses_a_score(mine, open_as):
    page, _, _ = scores(mine, open_as)
    sizes = page.locator(".editing select[name=size]")
    figures = cycle(["2", "3"])
    return page, lambda: sizes.select_option(next(figures)), lambda: expect(page.locator(".editing")).to_be_visible()


def lets_a_score_be(mine, open_as):
    page, _, unchanged = scores(mine, open_as)
    return page, page.locator(".editing").get_by_role("link", name="Cancel").click, unchanged


def names_an_opportunity(mine, open_as):
    return types_a_title(open_as("product_owner", "/teams/mine/opportunities/add/"))


def names_a_story(mine, open_as):
    return types_a_title(open_as("product_owner", "/teams/mine/stories/add/"))


def types_a_title(page):
    """What is alike is asked for when the field is left."""
    field, words = page.get_by_label("Title"), cycle([WORDS_TYPED, f"{WORDS_TYPED} or 5 March"])

    def type_and_leave():
        field.fill(next(words))
        field.press("Tab")

    return page, type_and_leave, lambda: expect(field).to_have_value(re.compile(WORDS_TYPED))


CONTROLS = [scores, opens_a_score, moves_a_row, moves_a_card, ticks, answers, decides]
CONTROLS += in_soak([shows_the_scores, proposes, replies, lets_a_score_be])
ASKS_ALONE = [chooses_a_score, *in_soak([asks_what_it_would_be, names_an_opportunity, names_a_story])]


@pytest.mark.parametrize("control", CONTROLS, ids=lambda one: one.__name__)
def test_p6_what_comes_instead_of_an_answer_is_seen(mine, open_as, control):
    page, act, unchanged = control(mine, open_as)

    for words, _ in met(page, act):
        summary = page.locator("#problem .summary")
        expect(summary).to_contain_text(words)
        expect(summary).to_be_focused()
        unchanged()
        page.unroute_all(behavior="ignoreErrors")
        summary.get_by_role("button", name="Back to where you were").click()
        expect(summary).not_to_be_focused()
        assert page.evaluate("document.activeElement !== document.body"), words


@pytest.mark.parametrize("control", ASKS_ALONE, ids=lambda one: one.__name__)
def test_p6_what_a_page_asked_by_itself_is_said_and_takes_nobody_from_what_they_do(mine, open_as, control):
    page, act, unchanged = control(mine, open_as)

    for words, is_answer in met(page, act):
        expect(page.locator("#problem .summary" if is_answer else "#said")).to_contain_text(words)
        assert not page.evaluate("document.activeElement.closest('#problem')"), words
        unchanged()
        page.unroute_all(behavior="ignoreErrors")


def met(page, act):
    """Instead of each answer, one fault after the other: its words, and whether a server said them."""
    answers = {WORDS[status][0]: partial(refuse, status) for status in REFUSALS}
    lost = {"No connection": lambda route: route.abort("internetdisconnected"), "No answer": lambda route: None}
    for words, answer in (answers | lost).items():
        page.route(lambda _: True, only_what_was_done(answer))
        page.evaluate(f"htmx.config.timeout = {300 if words == 'No answer' else 30_000}")
        act()
        yield words, words not in lost


def refuse(status, route):
    heading, sentence = WORDS[status]
    page = render_to_string("errors/_refused.html", {"heading": heading, "sentence": sentence})
    route.fulfill(status=status, body=page)


def only_what_was_done(answer):
    """News that a page asks for by itself meet no fault."""
    return lambda route: route.continue_() if "x-polling" in route.request.headers else answer(route)


@pytest.mark.parametrize("fault", ["503", "offline"])
def test_p6_news_that_do_not_come_disturb_nobody(mine, open_as, fault):
    page = open_as("member", mine.sprint.get_absolute_url())
    card = page.locator(f"[data-card={mine.story.reference}] [data-open]")
    card.focus()
    before = page.locator("#said").inner_text()
    page.route("**/news/**", partial(refuse, 503) if fault == "503" else lambda route: route.abort("failed"))

    with page.expect_request("**/news/**"), page.expect_request("**/news/**"):
        pass

    expect(card).to_be_focused()
    assert page.locator("#problem .summary").count() == 0
    expect(page.locator("#said")).to_have_text(before if fault == "503" else STALE)
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#said")).to_have_text(before)


STALE = "No connection. What others do is shown once it is back."
