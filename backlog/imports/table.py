"""A table out of what somebody uploads or pastes: headings, then numbered rows of text.

Nothing here trusts the file. What cannot be read is refused with one sentence (a ValidationError) that says what to do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice

from django.core.exceptions import ValidationError

from . import text, workbook
from .cells import letter, tidy
from .limits import MAX_BLANK, MAX_CELL, MAX_COLUMNS, MAX_ROWS, TOO_WIDE

LOOK_FOR_HEADINGS_IN = 10  # a title or a date often stands above the headings
SAMPLE = 5

NOT_A_TABLE = [
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"Rar!", "a compressed archive"),
    (b"7z\xbc\xaf", "a compressed archive"),
    (b"{\\rtf", "a word-processor document"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
]
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and also the envelope of a workbook with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass
class Table:
    """Read it once: `rows` is used up by whoever walks through it."""

    columns: list[str]
    rows: Iterator[tuple[int, list[str]]]
    sheet: str = ""


def read(content: bytes) -> Table:
    """The table in `content`: a workbook, or text with commas, semicolons or tabs between its cells."""
    if not content.strip():
        raise ValidationError("The file is empty")
    _refuse_other_kinds(content)
    if content[:4] == b"PK\x03\x04":
        sheet, records = workbook.first_sheet(content)
        return _table(records, sheet=sheet)
    return _table(text.records(content), exact=True)


def sample(table: Table) -> list[list[str]]:
    """The first rows, to look at. The table can still be walked through from its first row."""
    first = list(islice(table.rows, SAMPLE))
    if not first:
        raise ValidationError("The file has headings but no rows under them")
    table.rows = chain(first, table.rows)
    return [cells for _, cells in first]


def _refuse_other_kinds(content):
    if content.startswith(OLD_OFFICE):
        if ENCRYPTED in content:
            raise ValidationError("The file is protected by a password. Remove the password, save it and try again")
        raise ValidationError("This is an old Excel file (.xls). Save it as .xlsx or CSV and try again")
    for start, kind in NOT_A_TABLE:
        if content.startswith(start):
            raise ValidationError(f"This is {kind}, not a spreadsheet. Save the table as .xlsx or CSV and try again")
    head = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise ValidationError(
            "This is a web page or XML, not a spreadsheet. Save the table as .xlsx or CSV and try again"
        )


def _table(records, sheet="", exact=False):
    """`exact`: a row with more cells than the heading row was cut in the wrong place."""
    filled = _filled(records)
    first = list(islice(filled, LOOK_FOR_HEADINGS_IN))
    if not first:
        raise ValidationError("The file is empty")
    at = next((at for at, (_, cells) in enumerate(first) if sum(map(bool, cells)) > 1), 0)
    headings = first[at][1]
    named = len(_without_empty_end(headings))
    if named > MAX_COLUMNS:
        raise ValidationError(TOO_WIDE)
    columns = [name[:100] or f"Column {letter(index)}" for index, name in enumerate(headings[:named])]
    rows = chain(first[at + 1 :], filled)
    return Table(columns, _fitted(rows, named, len(headings) if exact else None), sheet)


def _filled(records):
    """(row number in the spreadsheet, its cells) of every row that is not blank."""
    blank = 0
    for number, cells in records:
        cells = [tidy(cell) for cell in cells]
        if not any(cells):
            blank += 1
            if blank > MAX_BLANK:
                raise ValidationError(f"The file has more than {MAX_BLANK:,} blank rows. Delete them and save it again")
            continue
        if max(map(len, cells)) > MAX_CELL:
            raise ValidationError(f"Row {number} has a cell of more than {MAX_CELL:,} characters. Shorten it")
        yield number, cells


def _fitted(rows, named, width):
    for count, (number, cells) in enumerate(rows, 1):
        if count > MAX_ROWS:
            raise ValidationError(f"The file has more than {MAX_ROWS:,} rows. Split it into several files")
        surplus = width is not None and any(cells[width:])
        yield number, cells if surplus else cells[:named]


def _without_empty_end(cells):
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
