"""What people bring, in all its dialects, and what nobody should."""

import datetime as dt
import io
import random
import time
import zipfile

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from backlog.imports import table
from backlog.imports.mapping import guess

from .importing import workbook

CSV = "Title,Note\nLetters come late,Seen in März – “often”\nTwo,\n"
ROWS = [(2, ["Letters come late", "Seen in März – “often”"]), (3, ["Two", ""])]
PLAIN_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)


def read(content):
    found = table.read(content)
    return found.columns, list(found.rows)


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("utf-16"),
        CSV.encode("utf-16-le"),
        CSV.encode("utf-16-be"),
        CSV.encode("cp1252"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
        CSV.replace(",", ";").encode("cp1252"),
        CSV.replace(",", "\t").encode(),
        b"sep=;\n" + CSV.replace(",", ";").encode(),
        b"\xef\xbb\xbfsep=;\r\n" + CSV.replace(",", ";").encode(),
    ],
)
def test_text_is_read_in_every_dialect(content):
    columns, rows = read(content)

    assert columns == ["Title", "Note"]
    assert [cells for _, cells in rows] == [cells for _, cells in ROWS]


def test_quotes_hold_commas_lines_and_quotes():
    _, rows = read(b'Title,Note\n"One, two","line 1\nline ""2"""\n')

    assert rows == [(2, ["One, two", 'line 1\nline "2"'])]


def test_what_a_clipboard_holds_may_have_loose_quotes():
    _, rows = read(b'Title\tNote\n"Too many words" she said\t5" pipe\n')

    assert rows == [(2, ['"Too many words" she said', '5" pipe'])]


def test_headings_are_found_under_a_title_and_blank_rows_do_not_count():
    columns, rows = read(b"Backlog of March,\n,\nRef,Title\nA,One\n,\nB,Two\n")

    assert columns == ["Ref", "Title"]
    assert rows == [(4, ["A", "One"]), (6, ["B", "Two"])]


def test_a_workbook_gives_its_first_filled_sheet_as_text():
    content = workbook(["Title", "Value", "Done"], ["Letters “late”", 8, True], [None, None, None], ["Two", 2.5, False])

    found = table.read(content)

    assert (found.sheet, found.columns) == ("Backlog", ["Title", "Value", "Done"])
    assert list(found.rows) == [(2, ["Letters “late”", "8", "yes"]), (4, ["Two", "2.5", "no"])]


@pytest.mark.parametrize("epoch", [CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904])
def test_days_and_times_of_a_workbook_are_read_as_they_are_shown(epoch):
    """A spreadsheet keeps them as numbers, which nobody would know again."""
    book = openpyxl.Workbook()
    book.epoch = epoch
    moments = [dt.date(2026, 3, 12), dt.datetime(2026, 3, 12, 14, 30), dt.time(9, 5)]
    numbers = {"0.00": 46093.5, '0 "days"': 46093, "[Red]0;[Blue]-0": 46093, "General": 46093, "d mmm": 46093 * 10**3}
    book.active.append(["Told on", "At", "Clock", *numbers])
    book.active.append([*moments, *numbers.values()])
    for cell, shown in zip(book.active[2][3:], numbers, strict=True):
        cell.number_format = shown
    content = io.BytesIO()
    book.save(content)

    (_, cells), *_ = table.read(content.getvalue()).rows

    assert cells[:3] == ["12 March 2026", "12 March 2026, 2:30pm", "9:05am"]
    assert cells[3:] == ["46093.5", "46093", "46093", "46093", "46093000"]


def test_texts_of_a_workbook_are_taken_from_runs_and_not_from_readings():
    shared = "<sst><si><r><t>Let</t></r><r><t>ters</t></r><rPh><t>x</t></rPh></si></sst>"
    sheet = PLAIN_SHEET.format(
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Note</t></is></c></row>'
        '<row r="2"><c r="B2" t="str"><f>A1</f><v>calculated</v></c></row>'
        '<row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'
    )

    assert read(packed(sheet, shared)) == (["Letters", "Note"], [(2, ["", "calculated"])])


def test_what_excel_escapes_is_read_as_it_was():
    sheet = PLAIN_SHEET.format(
        '<row><c t="inlineStr"><is><t>Title</t></is></c></row>'
        '<row><c t="inlineStr"><is><t>One_x000D_\ntwo _x005F_x0041_ _xD83D_</t></is></c></row>'
    )

    assert read(packed(sheet))[1] == [(2, ["One\ntwo _x0041_"])]


SHEET = '<sheet name="S" sheetId="1" r:id="r1"/>'


def packed(sheet, shared=None, sheets=1, **more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns:r="{relation}"><sheets>{SHEET * sheets}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="r1" Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>",
        )
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if shared is not None:
            archive.writestr("xl/sharedStrings.xml", shared)
        for name, part in more.items():
            archive.writestr(name.replace("__", "/"), part)
    return content.getvalue()


def encrypted():
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def scratched(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        at = archive.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    return content[:at] + b"scratch" + content[at + 7 :]


def a_zip(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + PLAIN_SHEET.format(
    '<row><c t="inlineStr"><is><t>&b;</t></is></c></row>'
)
WIDE = PLAIN_SHEET.format("<row>" + "".join('<c t="inlineStr"><is><t>a</t></is></c>' for _ in range(20_000)) + "</row>")
BLANK = "".join(f'<row r="{n}"/>' for n in range(1, 400_000))
POINTING = PLAIN_SHEET.format('<row><c t="s"><v>5</v></c></row><row><c t="s"><v>99999999</v></c></row>')
# Of all sorts of letters: what packs too well is refused before it is read.
LETTERS = random.Random(16).randbytes(3_000_000).hex()
MANY_CELLS = "".join(f"<c><v>{LETTERS[n : n + 8]}</v></c>" for n in range(0, 4_000_000, 8))
ONE_CELL = f'<row><c t="inlineStr"><is><t>{LETTERS + LETTERS[::-1]}</t></is></c></row>'
HOSTILE = {
    "empty": (lambda: b"", "empty"),
    "blank": (lambda: b" \r\n\t\n", "empty"),
    "only commas": (lambda: b",,,\n,,\n", "empty"),
    "only headings": (lambda: b"Title,Note\n", "no rows"),
    "workbook without cells": (lambda: workbook(), "empty"),
    "workbook of headings": (lambda: workbook(["Title", "Note"]), "no rows"),
    "pdf": (lambda: b"%PDF-1.7 ...", "a PDF"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n....", "a picture"),
    "web page": (lambda: b"<!DOCTYPE html><html>", "web page"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, ".xls"),
    "password": (encrypted, "password"),
    "other zip": (lambda: a_zip(readme="hello"), "zip file"),
    "opendocument": (lambda: a_zip(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
    "damaged zip": (lambda: workbook(["Title"], ["One"])[:-200], "damaged"),
    "damaged part": (lambda: scratched(workbook(["T"], ["One"])), "damaged"),
    "two sheets of one part": (lambda: packed(PLAIN_SHEET.format(""), sheets=2), "damaged"),
    "bad xml": (lambda: packed("<worksheet><row>"), "damaged"),
    "bomb": (lambda: packed("<worksheet>" + " " * 60_000_000 + "</worksheet>"), "unpacks to far more"),
    "dense bomb": (lambda: packed("<worksheet>" + " " * 9_000_000 + "</worksheet>"), "unpacks to far more"),
    "nested zip": (lambda: packed(PLAIN_SHEET.format(""), xl__embeddings__a=b"PK"), "holds other files"),
    "unknown part": (lambda: packed(PLAIN_SHEET.format(""), evil=b"x"), "unknown parts"),
    "many parts": (lambda: packed(PLAIN_SHEET.format(""), **{f"xl__p{n}": b"" for n in range(600)}), "too many parts"),
    "entities": (lambda: packed(ENTITIES), "entities"),
    "entities in texts": (lambda: packed(POINTING, ENTITIES), "entities"),
    "columns": (lambda: b"a," * 1_000_000 + b"\n1,2\n", "more than 200 columns"),
    "columns of a workbook": (lambda: packed(WIDE), "more than 200 columns"),
    "rows": (lambda: b"Title\n" + b"x\n" * 50_001, "more than 50,000 rows"),
    "blank rows": (lambda: b"Title\n" + b"\n" * 4_000_000, "more than 100,000 blank rows"),
    "blank rows of a sheet": (lambda: packed(PLAIN_SHEET.format(BLANK)), "more than 100,000 blank rows"),
    "cell": (lambda: b"Title,Note\nOne," + b"x" * 10_001, "Row 2 has a cell of more than 10,000"),
    "row of 10 MB": (lambda: packed(PLAIN_SHEET.format("<row>" + MANY_CELLS + "</row>")), "more than 200 columns"),
    "10 MB cell of a workbook": (lambda: packed(PLAIN_SHEET.format(ONE_CELL)), "more than 10,000 characters"),
    "10 MB cell": (lambda: b"Title,Note\nOne," + b"x" * 10_000_000, "Row 2 has a cell of more than 10,000"),
    "NUL": (lambda: b"Title,Note\nOne,\0Two\n", "not text"),
    "bytes": (lambda: bytes(range(1, 256)) * 9, "not text"),
    "open quote": (lambda: b'Title,Note\nOne,"two\nThree,four\n', "quotation marks"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_p16_a_hostile_file_gets_one_clear_sentence_within_a_second(case):
    make, sentence = HOSTILE[case]
    content = make()

    began = time.process_time()
    with pytest.raises(ValidationError) as refused:
        found = table.read(content)
        table.sample(found)
        list(found.rows)

    assert time.process_time() - began < 1
    assert len(refused.value.messages) == 1 and sentence in refused.value.message


def test_p16_a_row_far_down_a_sheet_costs_nothing():
    sheet = PLAIN_SHEET.format(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Title</t></is></c></row>'
        '<row r="99999999"><c r="A1" t="inlineStr"><is><t>One</t></is></c></row>'
    )

    assert read(packed(sheet))[1] == [(99999999, ["One"])]


def test_columns_of_an_export_that_repeat_are_kept_apart_and_surplus_cells_stay_visible():
    columns, rows = read(b"Summary,Labels,Labels\nOne,a,b\nTwo,a,b,c\n")

    assert columns == ["Summary", "Labels", "Labels"]
    assert rows[1] == (3, ["Two", "a", "b", "c"])


@pytest.mark.parametrize(
    ("headings", "guessed"),
    [
        (["Ref", "What is the problem?", "Value (1 to 8)", "V"], {"source_key": 0, "title": 1, "value": 3}),
        (["Problem owner", "Title", "Stage of the journey"], {"title": 1, "stage": 2}),
        (["Row", "What is wrong", "Pain point / opportunity"], {"title": 2}),
        (["Reason for the delay", "Size of the garden"], {"size": 1}),
        (
            ["Ref No.", "T-shirt", "Benefit score (1-8)", "No. of customers"],
            {"source_key": 0, "value": 2, "size": 1, "earlier_participants": 3},
        ),
    ],
)
def test_a_heading_is_known_whole_before_it_is_known_among_other_words(headings, guessed):
    assert guess(headings) == guessed


@pytest.mark.parametrize(
    ("cells", "key"), [(["", "12"], "earlier_participants"), (["Seen at the desk", "Two calls"], "evidence_note")]
)
def test_evidence_is_a_number_of_people_or_words_as_its_cells_say(cells, key):
    assert guess(["Title", "Evidence"], [["One", cells[0]], ["Two", cells[1]]]) == {"title": 0, key: 1}
