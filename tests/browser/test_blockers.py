"""Blockers from raised to resolved, in the ledger and by whoever is asked to unblock, with scripts and without."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from sprints.models import Blocker
from tests.browser.ways import WAYS
from tests.factories import owned_blocker, raised_blocker, story_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LEDGER = "/teams/housing/blockers/"


@pytest.fixture
def ledger(team, member, delivery_manager):
    """One that nobody owns, one that is old and risks the goal, one that was resolved."""
    raised_blocker(team, member.user, title="No figures for late offer letters", waiting_on="Data team")
    then = timezone.now() - dt.timedelta(9)
    risky = owned_blocker(
        team,
        delivery_manager.user,
        title="Two repairs call-centre interviews not released by the rota team",
        needed="Two advisers for 45 minutes each, before analysis ends on Thursday.",
        waiting_on="Repairs rota team",
        risks_goal=True,
    )
    Blocker.objects.filter(pk=risky.pk).update(raised_on=then.date(), raised_at=then, last_update_at=then)
    owned_blocker(team, member.user, title="No room for the workshop").resolve("Took the library", by=member.user)
    return team


@WAYS
def test_a_delivery_manager_works_through_the_ledger(visit, look, ledger, delivery_manager, service_lead, width):
    page = visit(delivery_manager, width)
    page.goto(LEDGER)
    look(page, "ledger")

    page.get_by_role("button", name=re.compile("I will own it.*No figures")).click()
    page.get_by_text("You own it now").wait_for()
    page.locator("#blocker-1 summary").click()
    page.locator("#blocker-1").get_by_label("How was it resolved?").fill("They sent last year’s dates")
    page.locator("#blocker-1").get_by_role("button", name="Resolve it").click()
    page.get_by_text("They sent last year’s dates").wait_for()
    page.get_by_role("link", name=re.compile("Escalate.*Two repairs")).click()
    look(page, "escalate")
    page.get_by_label("To whom?").select_option(str(service_lead.user.pk))
    page.get_by_label("What do you ask them to do?").fill("Release two advisers for an hour")
    page.get_by_label("By when?").fill(timezone.localdate().isoformat())
    page.get_by_role("button", name="Escalate it").click()
    page.get_by_text("It is escalated to Service lead, who gets a letter").wait_for()

    look(page, "blocker")
    assert Blocker.objects.get(number=2).escalated_to == service_lead.user
    page.goto(f"{LEDGER}report/")
    look(page, "blocker-report")
    page.goto(f"/programmes/{ledger.programme.slug}/blockers/")
    look(page, "programme-blockers")
    assert visit.trouble == []


@WAYS
def test_a_service_lead_answers_what_is_asked(visit, look, ledger, delivery_manager, service_lead, width):
    blocker = Blocker.objects.get(number=2)
    blocker.escalate(service_lead.user, "Release two advisers", timezone.localdate(), by=delivery_manager.user)
    page = visit(service_lead, width)
    page.goto("/blockers/")
    look(page, "escalated")

    page.get_by_role("link", name="Release two advisers").click()
    look(page, "escalated-one")
    page.get_by_role("link", name="Resolve", exact=True).click()
    page.get_by_role("button", name="Resolve it").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look(page, "resolve-mistake")
    page.get_by_label("How was it resolved?").fill("Both are free on Tuesday at ten")
    page.get_by_role("button", name="Resolve it").click()

    page.get_by_text("Nobody is waiting for you").wait_for()
    blocker.refresh_from_db()
    assert blocker.how == "Both are free on Tuesday at ten"


def test_one_is_raised_from_the_story_it_holds_up(visit, look, team, product_owner):
    story = story_in("in_progress", team, product_owner.user)
    page = visit(product_owner, 320)
    page.goto(f"/stories/{story.reference}/")

    page.get_by_role("link", name=f"Raise a blocker of {story.reference}").click()
    assert page.get_by_label("Which story does it hold up?").input_value() == story.reference
    page.get_by_label("What is in the way?").fill("Mrs Jones has the key")
    page.get_by_role("button", name="Raise it").click()
    page.get_by_text("This looks like a name").first.wait_for()
    look(page, "raise-warning")
    page.get_by_label("What is in the way?").fill("The key is with the caretaker")
    page.get_by_role("button", name="Raise it").click()

    page.get_by_text("The blocker is raised. It needs an owner").wait_for()
    look(page, "raised")
    page.goto(f"/stories/{story.reference}/")
    page.get_by_text("The key is with the caretaker").wait_for()
