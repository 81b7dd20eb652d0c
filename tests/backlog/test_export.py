"""Exports (P15): nothing in them executes, and our own import reads them back unchanged."""

import csv
import io
import re
import zipfile

import openpyxl
import pytest

from backlog.exports import HEADINGS
from backlog.imports.cells import guarded, unguarded
from backlog.models import Opportunity
from teams.models import Change
from tests.factories import ServiceFactory, ThemeFactory, a_stage, make_opportunity, make_story, ranked_opportunity

from .importing import applied, checked

pytestmark = pytest.mark.django_db
CSV, XLSX = "/teams/housing/opportunities/export.csv", "/teams/housing/opportunities/export.xlsx"
PREFIXES = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'="]
WORDS = ["title", "description", "recommendation", "evidence_note", "earlier_reference", "must_do_reason", "source_key"]


def content(response):
    return b"".join(response.streaming_content)


def csv_table(client, query=""):
    return [*csv.reader(io.StringIO(content(client.get(CSV + query)).decode("utf-8-sig"), newline=""))]


@pytest.fixture
def everything(team, product_owner):
    """One of each state we can make, with all that an opportunity can hold."""
    by = product_owner.user
    facts = {
        "description": "First line\r\nsecond  line\n\n- a point",
        "recommendation": "Do  it",
        "themes": [ThemeFactory(programme=team.programme, name="One council, tell us once")],
        "services": [ServiceFactory(programme=team.programme, name=f"Service {n}") for n in "AB"],
        "earlier_participants": 9,
        "earlier_reference": "Report 2024",
        "evidence_note": "'=quoted",
        "must_do": "legal_duty",
        "must_do_reason": "The Act",
    }
    ranked_opportunity(team, by, 8, 3, source_key="A1", **facts)
    make_opportunity(team, by, title="New, unscored", stage=a_stage(team), evidence_note="complete but new")
    make_opportunity(team, by, title="=cmd|' /C calc'!A0")


def test_what_we_export_we_import_without_a_change(product_owner, team, everything):
    for url in (CSV, XLSX):
        run = checked(team, product_owner.user, content(product_owner.get(url)))

        assert (run.counts["unchanged"], run.counts["rows"]) == (3, 3), [*run.rows.values("values", "problem")]


def test_csv_is_read_by_excel(product_owner, everything):
    response = product_owner.get(CSV)
    raw = content(response)

    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw and '"First line' in raw.decode()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(
        r'attachment; filename="housing-opportunities-\d{4}-\d\d-\d\d.csv"', response["Content-Disposition"]
    )


def test_numbers_stay_numbers(product_owner, everything):
    sheet = openpyxl.load_workbook(io.BytesIO(content(product_owner.get(XLSX)))).active
    first = dict(zip(HEADINGS, [cell.value for cell in sheet[2]], strict=True))

    assert (first["Value"], first["Size"], first["People in evidence"]) == (8, "M", 9)
    assert float(first["Score"]) == 2.67


@pytest.mark.parametrize("prefix", PREFIXES, ids=ascii)
def test_p15_no_cell_executes(product_owner, team, prefix):
    one = make_opportunity(team, product_owner.user)
    danger = f"{prefix}1+1"
    Opportunity.objects.filter(pk=one.pk).update(must_do="safety", **dict.fromkeys(WORDS, danger))
    one.themes.set([ThemeFactory(programme=team.programme, name=danger)])
    one.services.set([ServiceFactory(programme=team.programme, name=danger)])
    one.stage = a_stage(team)
    type(one.stage).objects.update(name=danger)
    one.save(update_fields=["stage"])

    lines = csv_table(product_owner)
    raw = content(product_owner.get(XLSX))
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    cells = [str(cell.value or "") for cell in openpyxl.load_workbook(io.BytesIO(raw)).active[2]]

    assert lines[1].count(f"'{danger}") == len(WORDS) + 3
    assert "<f" not in sheet
    assert len([cell for cell in cells if cell.startswith("'") and cell.endswith("1+1")]) == len(WORDS) + 3


def test_p15_text_that_looks_like_an_error_or_holds_controls_stays_text(product_owner, team):
    make_opportunity(team, product_owner.user, title="#REF!", description="bell \x07 and \x0b tab <b> _x0041_")
    sheet = openpyxl.load_workbook(io.BytesIO(content(product_owner.get(XLSX)))).active

    row = dict(zip(HEADINGS, sheet[2], strict=True))
    assert (row["Title"].value, row["Title"].data_type) == ("#REF!", "s")
    assert row["Description"].value == "bell  and  tab <b> _x005F_x0041_"  # Excel shows _x0041_


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "plain", "'quoted'", "", "-", "'"])
def test_guarding_is_undone_exactly(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "-"))


def test_the_export_holds_what_the_list_shows(product_owner, team, everything):
    assert [line[0] for line in csv_table(product_owner, "?status=new&sort=newest")[1:]] == ["HOU-3", "HOU-2"]
    assert product_owner.get(CSV + "?theme=999").status_code == 400


def test_an_empty_list_has_headings_alone(product_owner, team):
    assert csv_table(product_owner) == [HEADINGS]


@pytest.mark.parametrize("url", [CSV, XLSX])
def test_exports_take_as_many_queries_for_many_as_for_few(product_owner, team, url, django_assert_max_num_queries):
    applied(team, product_owner.user, "Title\n" + "".join(f"T{n}\n" for n in range(30)))

    with django_assert_max_num_queries(12):
        content(product_owner.get(url))


@pytest.mark.parametrize(("reader", "status"), [("member", 200), ("service_lead", 403), ("outsider", 404)])
def test_only_the_team_exports(request, team, reader, status):
    assert request.getfixturevalue(reader).get(CSV).status_code == status


STORIES = ["/teams/housing/stories/export.csv", "/teams/housing/stories/export.xlsx"]


@pytest.mark.parametrize("url", [CSV, XLSX, *STORIES])
def test_p34_who_took_a_list_away_is_written_down(product_owner, member, administrator, team, everything, url):
    make_story(team, product_owner.user)
    content(member.get(f"{url}?q=Nobody+says+this"))

    lines = Change.objects.about(team).filter(words__startswith="downloaded").values_list("who_name", "words")
    what, kind = "stories" if "stories" in url else "opportunities", "CSV" if url.endswith("csv") else "Excel"
    words = f"downloaded a list of {what} as {kind}: 0 rows"
    assert [*lines] == [("Team member", words)]
    assert words in product_owner.get("/teams/housing/history/").text
    assert words in administrator.get("/teams/housing/history/").text


def test_how_long_the_list_was_is_written_down(product_owner, team, everything):
    content(product_owner.get(CSV))

    assert Change.objects.about(team).first().words == "downloaded a list of opportunities as CSV: 3 rows"
