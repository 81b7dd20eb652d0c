"""The stand-up on a phone and in the room: in three taps and the words, by keyboard, and with the words kept."""

import pytest
from django.core.management import call_command

from sprints.models import StandupEntry
from tests.browser.scripts import with_scripts
from tests.factories import PASSWORD, MembershipFactory, owned_blocker, started_sprint, story_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE = "/teams/housing/standup/"
TODAY = "What are you going to do"  # "today", or on a weekend the next day it is about


def posted(page):
    page.get_by_text("Your stand-up is posted").wait_for()
    return StandupEntry.objects.get()


def test_three_taps_and_the_words_on_a_phone(visit, look, member):
    page = visit(member, 320)
    page.goto(HERE)
    look(page, "standup-to-write")

    page.get_by_label(TODAY).click()
    page.keyboard.type("Check touchpoints with Lettings")
    page.get_by_text("Nothing is blocking me").click()
    page.get_by_role("button", name="Post stand-up").click()

    assert posted(page).doing == "Check touchpoints with Lettings"
    look(page, "standup-posted")
    assert visit.trouble == []


def test_by_keyboard_alone(visit, member, scripts):
    page = visit(member)
    page.goto(HERE)

    page.get_by_label(TODAY).focus()
    page.keyboard.type("Check touchpoints")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # nothing is blocking me
    page.get_by_role("button", name="Post stand-up").focus()
    page.keyboard.press("Enter")

    assert posted(page).doing == "Check touchpoints"


def test_a_mistake_then_a_new_blocker_and_one_resolved(visit, look, team, member):
    old = owned_blocker(team, member.user, title="Two interviews not released by the rota team")
    page = visit(member, 320)
    page.goto(HERE)

    page.get_by_label(TODAY).fill("Analysis")
    page.get_by_role("button", name="Post stand-up").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look(page, "standup-mistake")
    page.get_by_text("Resolved", exact=True).click()
    page.get_by_label("How was it resolved?").fill("They released both")
    page.get_by_text("Add a blocker", exact=True).click()
    page.get_by_label("What is in the way?").first.fill("No figures for late letters")
    page.get_by_label("It puts the sprint goal at risk").first.check()
    look(page, "standup-blocker")
    page.get_by_role("button", name="Post stand-up").click()

    entry = posted(page)
    old.refresh_from_db()
    assert (entry.doing, old.how) == ("Analysis", "They released both")
    assert entry.blockers.get().title == "No figures for late letters"


def test_the_room_sees_the_wall_and_walks_the_board(visit, look, team, product_owner, member):
    story = story_in("ready", team, product_owner.user)
    started_sprint(team, product_owner.user, [story])
    owned_blocker(team, member.user, title="Waiting for design", story=story, risks_goal=True)
    MembershipFactory(team=team, user__name="Bryony Ashgrove-Featherstonehaugh")
    page = visit(product_owner)
    page.goto(HERE)

    page.get_by_role("button", name="At risk").click()
    page.get_by_text("Noted: the sprint goal is at risk").wait_for()
    page.get_by_role("link", name="Add something to talk about").click()
    page.get_by_label("What about?").fill("Who reads the findings first?")
    page.get_by_text("Bryony Ashgrove-Featherstonehaugh").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("Who reads the findings first?").wait_for()
    look(page, "standup-wall")
    page.get_by_role("link", name="Walk the board").click()
    page.get_by_role("heading", name="Walk the board").wait_for()
    page.get_by_text("Waiting for design").wait_for()
    look(page, "standup-walk")
    page.set_viewport_size({"width": 320, "height": 900})
    look(page, "standup-walk")
    assert visit.trouble == []


def test_the_words_are_still_there_after_the_session_ended(visit, member, scripts):
    call_command("createcachetable", verbosity=0)
    member.user.set_password(PASSWORD)
    member.user.save()
    member.user.confirm_email()
    member.force_login(member.user)
    page = visit(member, 320)
    page.goto(HERE)
    page.get_by_label(TODAY).fill("Words typed with cold thumbs")
    page.get_by_text("Nothing is blocking me").click()

    member.user.end_sessions()
    page.get_by_role("button", name="Post stand-up").click()
    page.get_by_text("Your session has ended").wait_for()
    page.get_by_label("Email address").fill(member.user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("button", name="Post stand-up").wait_for()
    assert page.get_by_label(TODAY).input_value() == "Words typed with cold thumbs"
    assert not StandupEntry.objects.exists()
    page.get_by_role("button", name="Post stand-up").click()
    assert posted(page).doing == "Words typed with cold thumbs"


# --- What only scripts can do


@pytest.fixture
def typed(visit, member):
    """A page with words that were not sent."""
    page = visit(member, 320)
    page.goto(HERE)
    page.get_by_label(TODAY).fill("Words typed with cold thumbs")
    page.get_by_text("Nothing is blocking me").click()
    return page


@with_scripts
def test_the_words_are_still_there_after_the_connection_dropped(typed):
    typed.context.set_offline(True)
    typed.get_by_role("button", name="Post stand-up").click(no_wait_after=True)
    typed.wait_for_timeout(500)
    assert not StandupEntry.objects.exists()

    typed.context.set_offline(False)
    typed.goto(HERE)

    assert typed.get_by_label(TODAY).input_value() == "Words typed with cold thumbs"
    typed.get_by_text("Nothing is blocking me").click()
    typed.get_by_role("button", name="Post stand-up").click()
    assert posted(typed).doing == "Words typed with cold thumbs"


def test_the_timer_is_quiet_and_can_be_paused(visit, member, scripts):
    page = visit(member)
    page.goto(HERE)
    if not scripts:
        assert page.get_by_role("button", name="Start 15 minutes").count() == 0
        return

    page.get_by_role("button", name="Start 15 minutes").click()
    page.get_by_text("14:59").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Start again").click()

    page.get_by_text("15:00").wait_for()
    assert page.evaluate("document.querySelectorAll('audio, video').length") == 0
