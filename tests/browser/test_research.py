"""From a session to a story and back: by mouse, by keyboard, without scripts, without a connection."""

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from backlog.models import Journey, Stage, Story
from research.models import Finding, Observation, SessionState
from tests.browser.scripts import with_scripts
from tests.browser.ways import WAYS
from tests.factories import ready_opportunity
from tests.people import signed_in
from tests.research.making import a_finding, a_round, a_session, noted

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID, DID = "I signed where they pointed", "Kept the agreement in a drawer"
LEARNED = "People sign an agreement they have not understood"


@pytest.fixture
def session(team, researcher):
    round_ = a_round(team, researcher.user, groups="New tenant\nCarer")
    return a_session(round_, researcher.user, consent=False, user_group="New tenant")


def look(page, axe, folder, name):
    axe(page)
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@WAYS
def test_a_session_becomes_a_story_that_can_be_traced(visit, axe, scripts, researcher, session, width, tmp_path):
    page = visit(researcher, width)
    page.goto("/teams/housing/research/")
    look(page, axe, tmp_path, "1-rounds")
    page.get_by_role("link", name=session.round.name).click()
    look(page, axe, tmp_path, "2-round")
    page.get_by_role("link", name="P1", exact=True).click()
    page.get_by_text("Record the participant’s consent first").wait_for()
    look(page, axe, tmp_path, "3-no-consent")
    page.get_by_role("link", name="Record consent").click()
    look(page, axe, tmp_path, "4-consent")
    page.get_by_text("Given", exact=True).click()
    page.get_by_label("Given on").fill(f"{timezone.localdate():%d/%m/%Y}")
    page.get_by_text("Signed form").click()
    page.get_by_text("Written notes").click()
    page.get_by_role("button", name="Save").click()

    box = page.get_by_label("What you see and hear")
    if scripts:
        write(page, f'"{SAID}', f"> {DID}")
    else:
        box.fill(f'"{SAID}\n> {DID}')
        page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(DID, exact=True).wait_for()
    look(page, axe, tmp_path, "5-notes")

    page.get_by_role("link", name=session.round.name).click()
    page.get_by_role("link", name="Analyse the notes").click()
    for box in page.locator("[name=pick]").all():
        box.check()
    page.get_by_label("What we learned, in one sentence").fill(LEARNED)
    look(page, axe, tmp_path, "6-analysis")
    page.get_by_role("button", name="Put the selected notes there").click()
    page.get_by_text(f"“{LEARNED}” rests on 1 person now").wait_for()
    page.locator(".groups").get_by_role("link", name=LEARNED).click()
    page.get_by_role("button", name="Agree", exact=True).click()
    look(page, axe, tmp_path, "7-finding")
    page.get_by_role("link", name="Create a story").click()
    look(page, axe, tmp_path, "8-spawn")
    page.get_by_role("button", name="Create the story").click()
    page.get_by_text(f"Came from: {LEARNED}").wait_for()
    page.get_by_role("link", name="The whole thread").click()
    page.get_by_text(f"“{SAID}”").wait_for()
    look(page, axe, tmp_path, "9-thread")

    assert Story.objects.get().findings.get().statement == LEARNED
    assert visit.trouble == []


def test_a_finding_is_made_by_keyboard_alone(visit, scripts, researcher, session):
    consented = a_session(session.round, researcher.user)
    noted(consented, researcher.user, SAID)
    page = visit(researcher)
    page.goto(f"{session.round.get_absolute_url()}analysis/")

    page.locator("[name=pick]").focus()
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "statement":
            break
    page.keyboard.type(LEARNED)
    page.keyboard.press("Enter")
    page.get_by_text(f"“{LEARNED}” rests on 1 person now").wait_for()

    assert Finding.objects.get().people == 1


def test_a_withdrawal_is_asked_about_and_leaves_a_line(visit, axe, researcher, session, tmp_path):
    told = a_session(session.round, researcher.user)
    a_finding(session.round, researcher.user, *noted(told, researcher.user, SAID))
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    page.get_by_role("link", name="P2 has changed their mind").click()
    look(page, axe, tmp_path, "1-asked")
    page.get_by_role("button", name="Delete the data of P2").click()
    page.get_by_text("everything is counted again").wait_for()
    look(page, axe, tmp_path, "2-gone")

    told.refresh_from_db()
    assert told.state == SessionState.WITHDRAWN and not Observation.objects.exists()
    page.get_by_text("re-check: evidence withdrawn").first.wait_for()
    assert SAID not in page.content()


def write(page, *lines):
    box = page.get_by_label("What you see and hear")
    for line in lines:
        box.fill(line)
        box.press("Enter")


@with_scripts
def test_lines_wait_while_the_laptop_is_closed_and_are_written_once(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    page.context.set_offline(True)
    write(page, f'"{SAID}', f"> {DID}")
    page.get_by_text("No connection. 2 lines kept here").wait_for()
    assert page.locator("[data-kept] li").all_inner_texts() == [f'"{SAID}', f"> {DID}"]

    lid = page.context.new_cdp_session(page)
    lid.send("Page.setWebLifecycleState", {"state": "frozen"})
    lid.send("Page.setWebLifecycleState", {"state": "active"})
    page.context.set_offline(False)
    page.get_by_text(DID, exact=True).wait_for()

    assert [one.text for one in told.observations.in_order()] == [SAID, DID]
    assert page.locator("[data-kept] li").count() == 0


@with_scripts
def test_the_field_stays_in_sight_however_many_notes_there_are(visit, axe, researcher, session):
    told = a_session(session.round, researcher.user)
    noted(told, researcher.user, *(f"{SAID}, {number}" for number in range(60)))
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    write(page, f"> {DID}")
    newest = page.locator(".note").last
    newest.get_by_text(DID, exact=True).wait_for()

    expect(page.get_by_label("What you see and hear")).to_be_in_viewport(ratio=1)
    expect(newest).to_be_in_viewport(ratio=1)
    page.keyboard.type("> Next")
    expect(newest).to_be_in_viewport(ratio=1)  # typing does not move the page
    page.keyboard.press("Tab")
    for _ in range(4):  # what has focus is not beneath it
        page.keyboard.press("Tab")
        box, at = page.locator(".capture").bounding_box(), page.locator(":focus").bounding_box()
        assert at["y"] >= box["y"] + box["height"] or page.locator(".capture :focus").count()
    axe(page)


@with_scripts
def test_lines_wait_until_somebody_has_signed_in_again(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    page.context.clear_cookies()
    write(page, f"> {DID}")
    page.get_by_text("You are signed out. 1 line not saved yet").wait_for()

    sign_in_again(page, researcher)
    page.get_by_text(DID, exact=True).wait_for()

    assert told.observations.get().text == DID


@with_scripts
def test_lines_are_not_sent_as_whoever_signs_in_next(visit, researcher, member, session):
    told = a_session(session.round, researcher.user, note_takers=[member.user])
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    page.context.clear_cookies()
    sign_in_again(page, member)
    write(page, f"> {DID}")
    page.get_by_text("Somebody else has signed in. 1 line not saved yet").wait_for()

    sign_in_again(page, researcher)
    page.get_by_text(DID, exact=True).wait_for()

    assert told.observations.get().by == researcher.user


def sign_in_again(page, client):
    session = signed_in(client.user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])


@with_scripts
def test_two_note_takers_see_each_other(visit, researcher, member, session):
    told = a_session(session.round, researcher.user, note_takers=[member.user])
    mine, theirs = visit(researcher), visit(member)
    mine.goto(told.get_absolute_url())
    theirs.goto(told.get_absolute_url())

    write(theirs, SAID)
    mine.get_by_text(f"“{SAID}”").first.wait_for()
    write(mine, f"> {DID}")
    mine.get_by_text(DID, exact=True).wait_for()

    assert mine.locator(".note__text").all_inner_texts() == [f"“{SAID}”", DID]
    assert mine.get_by_role("heading", name="Notes 2").is_visible()


@with_scripts
def test_an_answer_that_comes_late_shows_no_line_twice(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    noted(told, researcher.user, SAID)
    page, held = visit(researcher), []
    page.goto(told.get_absolute_url())
    page.route("**/notes/", lambda route: held.append((route, route.fetch())))
    write(page, f"> {DID}")
    page.get_by_text(DID, exact=True).wait_for()  # the news of every few seconds was quicker

    ((route, answer),) = held
    route.fulfill(response=answer)
    page.get_by_text("1 line being saved").wait_for(state="detached")

    assert page.locator(".note__text").all_inner_texts() == [f"“{SAID}”", DID]


@with_scripts
def test_an_answer_that_cannot_be_shown_is_no_lost_connection(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    page.evaluate("document.querySelector('#observations').remove()")
    write(page, f'"{SAID}', f"> {DID}")
    page.get_by_text("Saved, but not shown below").wait_for()

    assert [one.text for one in told.observations.in_order()] == [SAID, DID]
    page.reload()
    assert page.locator(".note").count() == 2


@with_scripts
def test_a_line_is_not_lost_when_the_connection_breaks_within_an_answer(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    page, broken = visit(researcher), []
    page.goto(told.get_absolute_url())

    def breaks_off_once(route):
        broken.append(route.fetch())  # the server has it
        return route.abort() if len(broken) == 1 else route.fulfill(response=broken[-1])

    page.route("**/notes/", breaks_off_once)
    write(page, f'"{SAID}', f"> {DID}")
    page.get_by_text("No connection. 2 lines kept here").wait_for()
    page.get_by_text(DID, exact=True).wait_for()

    assert [one.text for one in told.observations.in_order()] == [SAID, DID]


@with_scripts
def test_what_looks_personal_comes_back_with_a_question(visit, axe, researcher, session):
    told = a_session(session.round, researcher.user)
    page = visit(researcher)
    page.goto(told.get_absolute_url())
    box = page.get_by_label("What you see and hear")
    box.fill("Mrs Okafor pointed at the line")
    box.press("Enter")
    page.get_by_text("This looks like a name (“Mrs Okafor”)").wait_for()
    axe(page)
    assert box.input_value() == "Mrs Okafor pointed at the line"

    page.get_by_label("I have checked: nobody can be recognised").check()
    box.press("Enter")
    page.locator(".note").wait_for()

    assert told.observations.count() == 1


@with_scripts
@pytest.mark.parametrize("stages", [4, 9])
def test_on_paper_the_line_stands_over_its_stages(visit, researcher, team, stages):
    journey = Journey.objects.create(team=team, name="Being a tenant", slug="being-a-tenant")
    Stage.objects.bulk_create(Stage(journey=journey, name=f"Stage {n}", position=n) for n in range(1, stages + 1))
    ready_opportunity(team, researcher.user, stage=journey.stages.first(), earlier_participants=3)
    page = visit(researcher)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1031, "height": 700})  # A4 across, without its margins
    page.goto(journey.get_absolute_url())

    line, last = page.locator(".thread-line svg").bounding_box(), page.locator(".map > li").last.bounding_box()

    assert abs(line["x"] + line["width"] - last["x"] - last["width"]) < 2


@with_scripts
def test_a_note_is_dragged_onto_a_finding(visit, researcher, session):
    told = a_session(session.round, researcher.user)
    first, second = noted(told, researcher.user, SAID, DID)
    finding = a_finding(session.round, researcher.user, first)
    page = visit(researcher)
    page.goto(f"{session.round.get_absolute_url()}analysis/")

    page.locator(f"[data-note='{second.pk}'] .note__text").drag_to(page.locator(f"#finding-{finding.pk}"))
    page.get_by_text("rests on 1 person now").wait_for()

    assert finding.observations.count() == 2
