"""The thread of the demo, with scripts and without: from a session to what was played back, from a story to what was
seen, and what is left of it when somebody takes their words back. One test, because the demo takes long to load."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from backlog.models import Opportunity
from research import evidence
from research.models import Finding
from teams.models import User
from tests.browser.scripts import with_scripts
from tests.people import signed_in
from tests.research.canary import everywhere

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID, DID, AROUND = "I signed where they pointed.", "Kept agreement unopened in a drawer", "Sign-up was two buses away"
UNDERSTOOD = "Tenants sign an agreement they say they have not understood"
JOURNEY = "Signing up takes most of a day and two bus journeys"
LEAVING = "People do not know how to leave, so they close the whole browser"
GOAL = "Agree with service leads which tenant problems matter most"
ROUND, PLAYBACK = "Round 1: moving in and living there", "Housing discovery: early findings"
EXPORTS = [f"/teams/housing/{what}/export.{kind}" for what in ("opportunities", "stories") for kind in ("csv", "xlsx")]


@with_scripts
def test_the_thread_of_the_demo_holds_both_ways_and_lets_go_of_who_withdraws(visit):
    call_command("demo", verbosity=0)
    people = [signed_in(User.objects.get(email=f"{name}.example")) for name in ("rhys@ndra", "imani@ambleford")]
    for scripts in (True, False):
        rhys, imani = (visit(one, scripts=scripts) for one in people)
        from_the_log_out_button_and_back(rhys)
        from_what_was_played_back_to_the_sessions(imani)
        from_a_session_to_the_sprint_and_back(imani)
    assert visit.trouble == []

    researcher = signed_in(User.objects.get(email="sunita@ambleford.example"))
    page = visit(researcher, scripts=False)
    carry_their_words(page)
    before = people_behind()
    withdraw(page)
    their_words_are_gone(page, researcher)
    everything_is_counted_again(page, before)


def follow(page, name, *, inside="main", **exact):
    page.locator(inside).get_by_role("link", name=name, **exact).first.click()


def reads(page, *words):
    for one in words:
        expect(page.locator("main")).to_contain_text(one)


def from_the_log_out_button_and_back(page):
    """D01 is what session 9 led to."""
    page.goto("/stories/DRV-2/")
    follow(page, LEAVING, inside=".sourced")
    reads(page, "Is it still showing to the next person?")
    follow(page, "P4", inside=".notes")
    reads(page, "market-town hall", "Closed the whole browser")
    follow(page, LEAVING, inside=".notes")
    follow(page, "Log out button")
    follow(page, "The whole thread")
    reads(page, "P4, said", "DRV-1", "Sprint 9: Drivers can finish and leave safely on a shared computer")
    follow(page, "Sprint 9")
    follow(page, "Log out button")
    reads(page, "end my session")


def from_what_was_played_back_to_the_sessions(page):
    """H12 and H13 from their far end."""
    page.goto("/teams/housing/playbacks/")
    follow(page, PLAYBACK)
    follow(page, re.compile("What stands behind it.*Signed without understanding"))
    reads(page, f"“{SAID}”", DID)
    follow(page, "P1", exact=True)
    reads(page, "home visit", SAID)
    page.goto("/opportunities/HOU-13/")
    follow(page, JOURNEY, inside=".sourced")
    follow(page, "P1", inside=".notes")
    reads(page, "home visit", AROUND)


def from_a_session_to_the_sprint_and_back(page):
    """The story is the missing link of a discovery: two clicks from the finding, and into the sprint."""
    follow(page, UNDERSTOOD, inside=".notes")
    follow(page, "Create a story")
    page.get_by_role("button", name="Create the story").click()
    reads(page, f"Came from: {UNDERSTOOD}", "under HOU-12")
    say_it_whole(page)
    page.goto("/teams/housing/sprints/6/plan/")
    side = page.locator("form.side").filter(has_text="Pull in the selected")
    side.get_by_role("checkbox").check()
    side.get_by_label("Why does the scope change?").fill("Service leads agree to it")
    side.get_by_role("button", name="Pull in the selected").click()
    expect(page.locator("form.side").filter(has_text="Take out the selected")).to_contain_text(UNDERSTOOD)
    page.goto("/opportunities/HOU-12/")
    follow(page, "The whole thread")
    reads(page, "P1, said", f"Sprint 6: {GOAL}", "Bryony Castlemere: agree")
    follow(page, "Signed without understanding")
    reads(page, PLAYBACK)
    page.goto("/teams/housing/sprints/6/")
    reads(page, GOAL)
    follow(page, UNDERSTOOD)
    follow(page, UNDERSTOOD, inside=".sourced")
    follow(page, "P1", inside=".notes")
    reads(page, "home visit", SAID)


def say_it_whole(page):
    """A sprint takes only what is ready."""
    follow(page, "Edit")
    said = {"As": "a new tenant", "I need to": "read what I sign", "So that": "I know what I agree to"}
    for label, words in said.items():
        page.get_by_label(label, exact=True).fill(words)
    page.get_by_label("It’s done when").fill("A tenant can say in their own words what they agreed to")
    page.get_by_label("Size").select_option("3")
    page.get_by_role("button", name="Save").click()
    reads(page, "read what I sign")


def carry_their_words(page):
    """As far as a team would: into a story, an opportunity and a comment."""
    page.goto("/opportunities/HOU-12/")
    page.get_by_label("Your comment").fill(f"Remember “{SAID}” when we write the letter")
    page.get_by_role("button", name="Comment").click()
    reads(page, SAID)
    page.goto("/opportunities/HOU-12/edit/")
    page.get_by_label("Description").fill(f"They told us: {SAID} Others did too.")
    page.get_by_role("button", name="Save").click()
    page.goto("/teams/housing/research/")
    follow(page, ROUND)
    follow(page, "Analyse the notes")
    follow(page, f"Story from “{AROUND}”")
    page.get_by_role("button", name="Create the story").click()
    reads(page, AROUND)


def withdraw(page):
    page.goto("/opportunities/HOU-12/thread/")
    follow(page, "P1", exact=True)
    follow(page, "P1 has changed their mind")
    reads(page, UNDERSTOOD, JOURNEY)
    page.get_by_role("button", name="Delete the data of P1").click()
    reads(page, "The data of P1 is deleted")


def their_words_are_gone(page, researcher):
    """From every table, and from what can be read, searched and taken away."""
    for words in (SAID, DID, AROUND):
        assert everywhere(words.rstrip(".")) == []
    shown = [page.url, *addresses_of_pages()]
    for address in shown:
        page.goto(address)
        for words in (SAID, DID, AROUND):
            assert words.rstrip(".") not in page.content(), address
    for address in EXPORTS:
        assert SAID.encode() not in researcher.get(address).getvalue()


def addresses_of_pages():
    yield from (f"/opportunities/HOU-{number}/{what}" for number in (12, 13) for what in ("", "thread/"))
    yield from (one.get_absolute_url() for one in Finding.objects.filter(statement__in=[UNDERSTOOD, JOURNEY]))
    yield from ("/search/?q=signed+pointed", "/search/?q=drawer", "/teams/housing/stories/", "/teams/housing/history/")


def people_behind():
    rows = Opportunity.objects.filter(team__slug="housing")
    return dict(rows.values_list("reference", "evidence"))


def everything_is_counted_again(page, before):
    assert people_behind() == before | {"HOU-12": before["HOU-12"] - 1, "HOU-13": before["HOU-13"] - 1}
    assert evidence.recount_all() == 0
    assert not Finding.objects.filter(statement__in=[UNDERSTOOD, JOURNEY]).exclude(people=0, recheck__gt="").exists()
    page.goto("/teams/housing/research/")
    follow(page, ROUND)
    reads(page, "2 people so far", "re-check: evidence withdrawn")
    expect(page.locator(".sums")).not_to_contain_text("New tenant1")
    page.goto("/teams/housing/journeys/being-a-council-tenant/")
    for title, people, heat in ((UNDERSTOOD, 5, 2), (JOURNEY, 4, 1)):
        expect(page.locator(f".map .h{heat}").filter(has_text=f"{people} people").filter(has_text=title)).to_have_count(
            1
        )
        expect(page.locator(".map .h1").filter(has_text="0 people").filter(has_text=title)).to_have_count(1)
