"""The main job: a review taken on and finished by mouse, by keyboard alone and without scripts."""

import pytest

from backlog.models import Decision, ReviewSession, State
from tests.browser.ways import WAYS
from tests.factories import MembershipFactory, ServiceFactory, ThemeFactory, a_stage, ready_opportunity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLES = [
    "Arrears letters frighten people who already have an agreed plan",
    "A change in Universal Credit takes weeks to show on the rent account",
    "Service charges are not explained",
    "People who pay cash have lost their nearest place to pay",
    "Tenants explain the whole fault again each time they chase a repair",
]


@pytest.fixture
def session(team, product_owner, researcher, service_lead):
    """At the second of five, with one decided, as a room comes back to it."""
    by = product_owner.user
    informed, _ = (
        ThemeFactory(programme=team.programme, name="Keep people informed", position=1),
        ThemeFactory(programme=team.programme, name="Easy whichever way you contact us", position=2),
    )
    stage = a_stage(team)
    rents = ServiceFactory(programme=team.programme, name="Rents and Income")
    for number, title in enumerate(TITLES):
        ready_opportunity(
            team,
            by,
            title=title,
            stage=stage,
            services=[rents],
            earlier_participants=8 - number,
            earlier_reference="Tenant survey 2025",
            recommendation="Stop the automatic letter while a plan is kept to, and say on every letter who to ring.",
        )
    session = ReviewSession.objects.prepare(
        team, "Housing review, part two", by=by, attendees=[service_lead.user], minutes=90
    )
    session.start(by=by)
    first = session.items.for_page().get(position=1)
    first.decide(Decision(State.TAKE_FORWARD, value=5, size=2, themes=(informed,)), by=by)
    second = session.items.for_page().get(position=2)
    second.score_silently(researcher.user, 8, 5)
    second.score_silently(MembershipFactory(team=team, user__name="Tomos Ellerby-Quist").user, 3, 3)
    session.pause(by=by)
    return session


def outcomes(session):
    return [item.outcome for item in session.items.order_by("position")]


@WAYS
def test_a_review_is_finished_by_mouse(visit, look, product_owner, session, width):
    page = visit(product_owner, width)
    page.goto("/teams/housing/reviews/")
    look(page, "1-list")
    page.get_by_role("button", name="Resume Housing review, part two").click()

    page.get_by_role("heading", name=TITLES[1], level=1).wait_for()
    look(page, "2-item")
    page.get_by_role("button", name="Show the scores").click()
    page.get_by_text("talk, do not average").wait_for()
    page.get_by_text("Keep people informed", exact=True).click()
    page.get_by_text("8 Harm, or most people stuck").click()
    page.get_by_text("S A sprint or less").click()
    page.get_by_text("Is it right?").click()
    page.get_by_label("Title").fill("A change in Universal Credit takes weeks to show")
    page.get_by_text("Take forward", exact=True).click()
    look(page, "3-chosen")
    page.get_by_role("button", name="Save and next").last.click()

    page.get_by_role("heading", name=TITLES[2], level=1).wait_for()
    page.get_by_text("scored 8 ÷ 2 = 4.00 and taken forward. Now 1st of 2 in the programme backlog.").wait_for()
    look(page, "4-next")
    page.get_by_role("button", name="Skip for now").click()
    page.get_by_role("heading", name=TITLES[3], level=1).wait_for()
    page.get_by_text("Park", exact=True).click()
    page.get_by_role("button", name="Save and next").last.click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look(page, "5-mistake")
    page.get_by_label("Reason").fill("Payment shops are being tendered")
    page.get_by_label("Look at it again on").fill("27 3 2099")
    page.get_by_role("button", name="Save and next").last.click()
    page.get_by_role("heading", name=TITLES[4], level=1).wait_for()
    page.get_by_text("Merge", exact=True).click()
    page.get_by_label("Merge into").fill("HOU-1")
    page.get_by_role("button", name="Save and next").last.click()
    page.get_by_role("heading", name=TITLES[2], level=1).wait_for()
    page.get_by_text("Won’t do", exact=True).click()
    page.get_by_label("Reason").fill("On the bill since April")
    page.get_by_role("button", name="Save and next").last.click()
    page.get_by_role("heading", name="Nothing is left to review").wait_for()
    look(page, "6-nothing-left")
    page.get_by_role("link", name="All 5", exact=True).click()
    look(page, "7-all")
    page.get_by_role("link", name="Housing review, part two").click()
    page.get_by_role("link", name="Finish the review").click()
    page.get_by_role("button", name="Finish the review").wait_for()
    look(page, "8-finish")
    page.get_by_role("button", name="Finish the review").click()

    page.get_by_role("heading", name="New top ten of the programme").wait_for()
    look(page, "9-summary")
    assert outcomes(session) == ["take_forward", "take_forward", "wont_do", "parked", "merged"]
    assert session.items.get(position=2).opportunity.title == "A change in Universal Credit takes weeks to show"
    assert all("422" in one for one in visit.trouble)  # the one mistake


def test_a_review_is_finished_by_keyboard_alone(visit, scripts, product_owner, session):
    page = visit(product_owner)
    page.goto(session.get_absolute_url())
    tab_to(page, "Resume at HOU-2")
    page.keyboard.press("Enter")

    for number in (1, 2, 3, 4):
        page.get_by_role("heading", name=TITLES[number], level=1).wait_for()
        if scripts and number > 1:
            assert page.evaluate("document.activeElement.innerText") == TITLES[number]
        tab_to(page, "outcome")
        for _ in range(2):
            page.keyboard.press("ArrowRight")  # from Take forward to Won’t do
        tab_to(page, "reason")
        page.keyboard.type("Another team leads")
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Nothing is left to review").wait_for()
    tab_to(page, "Finish the review")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Finish the review?").wait_for()
    tab_to(page, "Finish the review")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="New top ten of the programme").wait_for()
    assert outcomes(session) == ["take_forward"] + ["wont_do"] * 4


def tab_to(page, what):
    """Press Tab until the thing with this name or these words has the focus, which must be seen."""
    script = "() => { const e = document.activeElement; return [e.name || '', (e.innerText || '').trim()] }"
    for _ in range(80):
        page.keyboard.press("Tab")
        if what in page.evaluate(script):
            covered = """() => { const e = document.activeElement, r = e.getBoundingClientRect();
                const x = r.x + r.width / 2, y = r.y + r.height / 2, top = document.elementFromPoint(x, y);
                return !(top && (e === top || e.contains(top) || e.parentElement.contains(top))); }"""
            assert not page.evaluate(covered), f"{what} is covered"
            return
    raise AssertionError(f"{what} cannot be reached by Tab")


@WAYS
def test_a_service_lead_follows_and_proposes_a_value(visit, look, scripts, service_lead, product_owner, session, width):
    session.start(by=product_owner.user)
    page = visit(service_lead, width)
    page.goto(session.get_absolute_url())
    look(page, "1-follow")
    page.get_by_text("8 Harm, or most people stuck").click()
    page.get_by_role("button", name="Give your score").click()
    page.get_by_text("Others see it when the scores are shown").wait_for()
    item = session.items.for_page().get(position=2)
    assert item.silent_scores.count() == 3

    item.reveal(by=product_owner.user)
    if not scripts:
        page.get_by_role("link", name="Refresh").click()

    page.get_by_text("talk, do not average").wait_for()
    look(page, "2-shown")
    item.decide(Decision(State.WONT_DO, reason="No"), by=product_owner.user)
    if not scripts:
        page.get_by_role("link", name="Refresh").click()
    page.get_by_role("heading", name=TITLES[2], level=1).wait_for()
    assert not visit.trouble


def test_two_screens_one_item(visit, look, product_owner, delivery_manager, session):
    session.start(by=product_owner.user)
    mine = visit(product_owner)
    mine.goto(session.get_absolute_url())
    item = session.items.for_page().get(position=2)
    item.decide(Decision(State.WONT_DO, reason="A charity leads"), by=delivery_manager.user)
    mine.get_by_text("Needs evidence", exact=True).click()
    mine.get_by_label("What do you need to find out?").fill("How many tenancies end?")
    mine.get_by_role("button", name="Save and next").last.click()

    mine.get_by_role("heading", name="HOU-2 was changed meanwhile").wait_for()
    look(mine, "1-conflict")
    mine.get_by_role("button", name="Save yours instead").click()

    mine.get_by_text("HOU-2 needs evidence: How many tenancies end?").wait_for()
    assert outcomes(session)[1] == "needs_evidence"


def test_preparing_a_review(visit, look, product_owner, session):
    page = visit(product_owner, 320)
    page.goto("/teams/housing/reviews/new/")
    look(page, "1-prepare")
    page.get_by_role("button", name="Prepare the review").click()

    page.get_by_role("heading", name="Ready to start").wait_for()
    look(page, "2-planned")
    assert not visit.trouble
