"""Today, the programme, the team and its people: made and changed in a browser, with scripts and without."""

import pytest
from django.utils import timezone

from teams.models import OutgoingMail
from teams.permissions import Role
from tests.browser.ways import WAYS
from tests.factories import (
    MembershipFactory,
    ServiceFactory,
    ServiceLeadFactory,
    TeamFactory,
    ThemeFactory,
    make_opportunity,
    ranked_opportunity,
    ready_opportunity,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(team, product_owner, researcher):
    """A team at work, with names as long as people's are."""
    programme, by = team.programme, product_owner.user
    programme.edit(by=by, name="Customer Service Programme")
    rents = ServiceFactory(programme=programme, name="Rents and Income")
    ServiceLeadFactory(service=rents, user__name="Bryony Ashgrove-Featherstonehaugh")
    team.edit(by=by, lead_service=rents)
    for position, name in enumerate(["Keep people informed", "Get it right the first time"], 1):
        ThemeFactory(programme=programme, name=name, position=position)
    for name in ("Tomos Ellerby-Quist", "Adaeze Okonkwo", "Wyn"):
        MembershipFactory(team=team, role=Role.MEMBER, user__name=name)
    TeamFactory(programme=programme, name="Adult social care financial assessments", slug="asc", prefix="ASC")
    ranked_opportunity(team, by, title="Arrears letters frighten people who already have an agreed plan")
    ready_opportunity(team, by, title="People who pay cash have lost their nearest place to pay")
    make_opportunity(team, by, title="Service charges are not explained")
    team.close(timezone.localdate(), timezone.localdate(), "Whole-service away day", by=by)
    researcher.user.absences.create(starts_on="2099-01-01", ends_on="2099-01-02")
    return team


@WAYS
def test_pages_to_read(visit, look, product_owner, place, width):
    page = visit(product_owner, width)
    for name, address, heading in [
        ("today", "/", timezone.localdate().strftime("%A")),
        ("programme", f"/programmes/{place.programme.slug}/", "Customer Service Programme"),
        ("team", "/teams/housing/", "Housing"),
        ("people", "/teams/housing/people/", "People in Housing"),
        ("history", "/teams/housing/history/", "History of Housing"),
    ]:
        page.goto(address)
        page.get_by_role("heading", level=1).get_by_text(heading).wait_for()
        look(page, name)
    assert visit.trouble == []


@WAYS
def test_an_administrator_adds_a_theme_and_renames_it(visit, look, administrator, place, width):
    page = visit(administrator, width)
    page.goto("/")
    look(page, "today-administrator")
    page.goto(f"/programmes/{place.programme.slug}/settings/")
    look(page, "programme-settings")

    page.get_by_role("link", name="Add themes").click()
    page.get_by_role("button", name="Add them").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    look(page, "theme-mistake")
    page.get_by_label("One name on each line").fill("Easy to reach")
    page.get_by_role("button", name="Add them").click()
    page.get_by_text("Easy to reach is added").wait_for()
    page.get_by_role("link", name="Rename Easy to reach").click()
    page.get_by_label("Name").fill("Easy to reach whichever way you contact us")
    page.get_by_role("button", name="Save").click()

    page.get_by_role("link", name="Rename Easy to reach whichever way you contact us").wait_for()
    look(page, "theme-renamed")
    assert place.programme.themes.filter(name="Easy to reach whichever way you contact us").exists()
    page.goto(f"/programmes/{place.programme.slug}/history/")
    page.get_by_text("renamed the theme Easy to reach to Easy to reach whichever way you contact us").wait_for()
    look(page, "programme-history")
    assert all("422" in one for one in visit.trouble)  # the one mistake


@WAYS
def test_a_delivery_manager_closes_the_team_for_days(visit, look, delivery_manager, place, width):
    page = visit(delivery_manager, width)
    page.goto("/teams/housing/")
    page.get_by_role("link", name="Settings").click()
    look(page, "team-settings")

    page.get_by_role("link", name="Add days").click()
    look(page, "closure")
    page.get_by_label("First day").fill("2027-03-01")
    page.get_by_label("Last day").fill("2027-03-02")
    page.get_by_label("Reason").fill("Moving to the third floor")
    page.get_by_role("button", name="Add them").click()

    page.get_by_text("Housing is closed from 1 March 2027 to 2 March 2027 (Moving to the third floor)").wait_for()
    look(page, "team-settings-closed")
    page.get_by_role("button", name="Remove the closure from 1 March 2027").click()
    page.get_by_text("Housing is no longer closed").wait_for()
    assert place.closures.count() == 1
    assert visit.trouble == []


@WAYS
def test_an_administrator_invites_somebody(visit, look, administrator, place, width, settings):
    settings.DEMO = True  # whose mailbox shows the letter
    page = visit(administrator, width)
    page.goto("/teams/housing/people/")
    page.get_by_role("link", name="Invite somebody").click()
    look(page, "invite")
    page.get_by_label("Name").fill("Catrin Voss")
    page.get_by_label("Email address").fill("catrin@ambleford.example")
    page.get_by_label("User researcher").check()
    page.get_by_role("button", name="Send the invitation").click()

    page.get_by_text("A letter is on its way to catrin@ambleford.example").wait_for()
    page.get_by_role("button", name="Send again to Catrin Voss").wait_for()
    look(page, "people-invited")
    letter = OutgoingMail.objects.get(to="catrin@ambleford.example")
    assert letter.subject == "Administrator invited you to Housing"
    page.goto("/mail/")
    page.get_by_role("link", name=letter.subject).click()
    page.get_by_text("/invitations/").first.wait_for()
    look(page, "letter")
    assert visit.trouble == []
