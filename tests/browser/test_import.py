import pytest

from backlog.models import ImportRun, Opportunity
from tests.backlog.importing import after_work, workbook
from tests.browser.ways import WAYS
from tests.factories import ThemeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = [
    ["Ref", "Opportunity", "Theme", "Stage", "Value", "Size", "People", "Notes", "Raised by"],
    ["A1", "Offer letters arrive after the date to reply", "Right first time", "Offer", 8, "S", 9, "Round 2", "Tomos"],
    ["A2", "Adverts do not say if a home is step-free", "Nobody left out", "Offer", "?", None, None, None, "Petra"],
    ["A3", None, "Right first time", "Offer", 3, "M", 3, None, "Petra"],
    ["A4", "Viewings are only offered in office hours", "Right first time", "Offer", 4, "M", 4, None, "Wren"],
    ["A5", "Offer letters arrive after the date to reply", None, None, None, None, None, None, "Wren"],
]


@WAYS
def test_a_spreadsheet_is_brought_in_and_taken_back(visit, look, scripts, product_owner, team, width):
    ThemeFactory(programme=team.programme, name="Right first time")
    page = visit(product_owner, width)

    page.goto("/teams/housing/opportunities/")
    page.get_by_role("link", name="Import", exact=True).or_(page.get_by_role("link", name="import them")).first.click()
    look(page, "1-file")
    page.get_by_label("Choose a file").set_input_files(
        {"name": "housing.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(*ROWS)}
    )
    page.get_by_role("button", name="Continue").click()

    assert page.get_by_label("Title", exact=True).input_value() == "1"
    look(page, "2-columns")
    page.get_by_label("Your reference").select_option("0")
    page.get_by_role("button", name="Check the rows").click()

    page.get_by_text("Waiting to begin").wait_for()
    look(page, "3-checking")
    run = after_work(ImportRun.objects.get())
    go_on(page, scripts)
    page.get_by_role("heading", name="What this import would do").wait_for()
    assert page.get_by_text("Title is missing").is_visible()
    look(page, "4-checked")
    page.get_by_label("Offer", exact=True).select_option("create")
    page.get_by_role("button", name="Check again").click()
    after_work(run)
    go_on(page, scripts)
    page.get_by_role("button", name="Import 3 rows").click()

    after_work(run)
    go_on(page, scripts)
    page.get_by_role("heading", name="Imported").wait_for()
    assert Opportunity.objects.get(source_key="A1").state == "ready"
    look(page, "5-imported")
    page.get_by_role("link", name="Undo this import").click()
    look(page, "6-undo")
    page.get_by_role("button", name="Undo the import").click()

    after_work(run)
    go_on(page, scripts)
    page.get_by_text("3 opportunities were removed").wait_for()
    look(page, "7-undone")
    assert not Opportunity.objects.exists() and not visit.trouble


def test_a_mistake_is_answered_on_the_page(visit, look, product_owner, team):
    page = visit(product_owner, 320)
    page.goto("/teams/housing/import/")
    page.get_by_label("Choose a file").set_input_files(
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_role("button", name="Continue").click()

    assert page.get_by_role("alert").get_by_text("This is a PDF, not a spreadsheet").is_visible()
    look(page, "8-mistake")
    assert [line for line in visit.trouble if "422" not in line] == []


def go_on(page, scripts):
    """With scripts the page finds out by itself; without, a link asks again."""
    if not scripts:
        page.get_by_role("link", name="See how far it is").click()
