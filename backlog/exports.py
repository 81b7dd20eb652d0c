"""Lists of opportunities as CSV and XLSX: formula-safe (P15), a row at a time, and read back by our own import."""

import csv
import io
import tempfile
from itertools import chain, islice

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from backlog import scoring
from backlog.imports.cells import guarded
from backlog.imports.fields import BY_KEY

AT_ONCE = 500
LONGEST_CELL = 32_767  # Excel's own limit

COLUMNS = [
    (BY_KEY["reference"].label, lambda one: one.reference),
    (BY_KEY["source_key"].label, lambda one: one.source_key),
    (BY_KEY["title"].label, lambda one: one.title),
    (BY_KEY["description"].label, lambda one: one.description),
    (BY_KEY["recommendation"].label, lambda one: one.recommendation),
    (BY_KEY["themes"].label, lambda one: "; ".join(theme.name for theme in one.themes.all())),
    (BY_KEY["stage"].label, lambda one: one.stage.name if one.stage else ""),
    (BY_KEY["services"].label, lambda one: "; ".join(service.name for service in one.services.all())),
    (BY_KEY["value"].label, lambda one: one.value),
    (BY_KEY["size"].label, lambda one: scoring.SIZES.get(one.size)),
    ("Score", lambda one: one.score),
    ("People in evidence", lambda one: one.evidence),
    (BY_KEY["earlier_participants"].label, lambda one: one.earlier_participants),
    (BY_KEY["earlier_reference"].label, lambda one: one.earlier_reference),
    (BY_KEY["evidence_note"].label, lambda one: one.evidence_note),
    (BY_KEY["must_do"].label, lambda one: one.get_must_do_display() if one.must_do else ""),
    (BY_KEY["must_do_reason"].label, lambda one: one.must_do_reason),
    ("Status", lambda one: one.get_state_display()),
]
HEADINGS = [heading for heading, _ in COLUMNS]


def lines(rows):
    """One list of cells for each opportunity; rows are read in batches, however many there are."""
    rows = rows.select_related("stage").prefetch_related("themes", "services")
    for one in rows.iterator(chunk_size=AT_ONCE):
        yield [cell(one) for _, cell in COLUMNS]


def csv_lines(headings, lines):
    """Pieces of a CSV file as Excel reads it: UTF-8 with a mark, CRLF, quotes by RFC 4180."""
    yield "\ufeff"
    lines = chain([headings], lines)
    while batch := list(islice(lines, AT_ONCE)):
        piece = io.StringIO()
        csv.writer(piece).writerows([_safe(cell) for cell in line] for line in batch)
        yield piece.getvalue()


def xlsx_file(headings, lines):
    """A workbook in a temporary file that vanishes when closed, ready to be read."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Opportunities")
    for line in chain([headings], lines):
        sheet.append([_typed(sheet, cell) for cell in line])
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book.save(file)
    file.seek(0)
    return file


def download_name(team, what):
    """housing-opportunities-2026-11-23"""
    return f"{team.slug}-{what}-{timezone.localdate():%Y-%m-%d}"


def _safe(cell):
    return guarded(cell) if isinstance(cell, str) else cell


def _typed(sheet, cell):
    """Text stays text even where openpyxl would see an error value or a formula in it."""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", guarded(cell))[:LONGEST_CELL]
    if not text.startswith("#"):
        return text
    typed = WriteOnlyCell(sheet, text)
    typed.data_type = "s"
    return typed
