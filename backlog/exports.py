"""Lists of opportunities as CSV and XLSX: formula-safe (P15), a row at a time, and read back by our own import."""

import csv
import io
import tempfile
from itertools import chain, islice

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone

from backlog import scoring, workbook
from backlog.imports.cells import guarded
from backlog.imports.fields import BY_KEY, FIELDS, MANY
from backlog.models.states import MustDo, State
from teams.models import Service, Theme

AT_ONCE = 500

COLUMNS = [
    (BY_KEY["reference"].label, lambda one: one.reference),
    (BY_KEY["source_key"].label, lambda one: one.source_key),
    (BY_KEY["title"].label, lambda one: one.title),
    (BY_KEY["description"].label, lambda one: one.description),
    (BY_KEY["recommendation"].label, lambda one: one.recommendation),
    (BY_KEY["themes"].label, lambda one: "; ".join(one.theme_names)),
    (BY_KEY["stage"].label, lambda one: one.stage__name or ""),
    (BY_KEY["services"].label, lambda one: "; ".join(one.service_names)),
    (BY_KEY["value"].label, lambda one: one.value),
    (BY_KEY["size"].label, lambda one: scoring.SIZES.get(one.size)),
    ("Score", lambda one: scoring.score(one.value, one.size)),
    ("People in evidence", lambda one: one.evidence),
    (BY_KEY["earlier_participants"].label, lambda one: one.earlier_participants),
    (BY_KEY["earlier_reference"].label, lambda one: one.earlier_reference),
    (BY_KEY["evidence_note"].label, lambda one: one.evidence_note),
    (BY_KEY["must_do"].label, lambda one: MustDo(one.must_do).label if one.must_do else ""),
    (BY_KEY["must_do_reason"].label, lambda one: one.must_do_reason),
    ("Status", lambda one: State(one.state).label),
]
READ = [field.key for field in FIELDS if field.key not in (*MANY, "stage")]
READ += ["stage__name", "evidence", "state", "theme_names", "service_names"]
HEADINGS = [heading for heading, _ in COLUMNS]


def lines(rows):
    """One list of cells for each opportunity, from one statement whose rows come as they are wanted."""
    rows = rows.annotate(
        theme_names=ArraySubquery(Theme.objects.filter(opportunities=OuterRef("pk")).values("name")),
        service_names=ArraySubquery(Service.objects.filter(opportunities=OuterRef("pk")).values("name")),
    )
    for one in rows.values_list(*READ, named=True).iterator(chunk_size=AT_ONCE):
        yield [cell(one) for _, cell in COLUMNS]


def csv_lines(headings, lines):
    """Pieces of a CSV file as Excel reads it: UTF-8 with a mark, CRLF, quotes by RFC 4180."""
    yield "\ufeff"
    lines = chain([headings], lines)
    while batch := list(islice(lines, AT_ONCE)):
        piece = io.StringIO()
        csv.writer(piece).writerows([_safe(cell) for cell in line] for line in batch)
        yield piece.getvalue()


def xlsx_file(headings, lines, sheet="Opportunities"):
    """A workbook in a temporary file that vanishes when closed, ready to be read."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    workbook.write(file, sheet, ([_safe(cell) for cell in line] for line in chain([headings], lines)))
    file.seek(0)
    return file


def download_name(place, what):
    """housing-opportunities-2026-11-23"""
    return f"{place.slug}-{what}-{timezone.localdate():%Y-%m-%d}"


def trace(team, what, rows, kind, *, by):
    """That somebody took a list away, and how long it was (P34). What they had looked for may be anybody's words."""
    team.record(taken_away(f"a list of {what}", rows, kind), by=by)


def taken_away(what, rows, kind) -> str:
    count = rows.order_by().count()
    long = "1 row" if count == 1 else f"{count:,} rows"
    return f"downloaded {what} as {kind}: {long}"


def _safe(cell):
    return guarded(cell) if isinstance(cell, str) else cell
