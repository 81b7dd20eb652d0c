"""The first sheet of an .xlsx workbook, read as a stream."""

import re
from itertools import chain

from django.core.exceptions import ValidationError

from . import dates
from .archive import ALONE, DAMAGED, SMALL, local, opened, walk
from .limits import MAX_BLANK, MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_STRINGS, MAX_TEXT, TOO_WIDE

SHEETS_LOOKED_AT = 50
PART_OF_TEXTS = "xl/sharedStrings.xml"
PART_OF_STYLES = "xl/styles.xml"
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
ERRORS = {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"}


def first_sheet(content: bytes):
    """(name, records) of the first sheet that is not empty."""
    archive = opened(content)
    sheets, zero = _sheets(archive)
    texts, dated = Texts(archive), _dated(archive)
    for name, part in sheets[:SHEETS_LOOKED_AT]:
        rows = _rows(archive, part, Sheet(texts, dated, zero))
        first = _first_filled(rows)
        if first:
            return name, chain([first], rows)
    raise ValidationError("The workbook is empty")


def _first_filled(rows):
    for blank, row in enumerate(rows):
        if any(row[1]):
            return row
        if blank == MAX_BLANK:
            raise ValidationError(f"The file has more than {MAX_BLANK:,} blank rows. Delete them and save it again")
    return None


def _sheets(archive):
    """[(name, path of its part)], hidden ones last, and from when the workbook counts its days."""
    contents, relations = Contents(), Relations()
    _read_small(archive, "xl/workbook.xml", contents)
    _read_small(archive, "xl/_rels/workbook.xml.rels", relations)
    contents.sheets.sort(key=lambda sheet: sheet[0])
    paths = [(name, relations.paths.get(relation)) for _, name, relation in contents.sheets]
    found = [(name, path) for name, path in paths if path in archive.namelist()]
    if len({path for _, path in found}) < len(found):
        raise ValidationError(DAMAGED)  # no program writes this; it would have us read one part fifty times
    return found, contents.zero


def _dated(archive):
    """The styles of days and times. A workbook without styles, or with a great many, shows its days as numbers."""
    styles = dates.Styles()
    if PART_OF_STYLES in archive.namelist() and archive.getinfo(PART_OF_STYLES).file_size <= SMALL:
        _read_small(archive, PART_OF_STYLES, styles)
    return styles.dated


def _rows(archive, part, sheet):
    """(row number, cells) in the order of the sheet."""
    for _ in walk(archive, part, sheet):
        yield from sheet.rows
        sheet.rows = []


def _read_small(archive, part, reader):
    if part not in archive.namelist() or archive.getinfo(part).file_size > SMALL:
        raise ValidationError(DAMAGED)
    for _ in walk(archive, part, reader):
        pass


class Contents:
    """xl/workbook.xml: which sheets there are."""

    def __init__(self):
        self.sheets = []  # (is hidden, name, relation)
        self.zero = dates.DAY_ZERO

    def start(self, tag, attributes):
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            self.zero = dates.DAY_ZERO_1904
        if tag == "sheet":
            relation = next((value for name, value in attributes.items() if local(name) == "id"), None)
            self.sheets.append((attributes.get("state", "visible") != "visible", attributes.get("name", ""), relation))

    def end(self, tag):
        pass

    def said(self, words):
        pass


class Relations(Contents):
    """xl/_rels/workbook.xml.rels: in which part each of them lies."""

    def __init__(self):
        self.paths = {}

    def start(self, tag, attributes):
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            self.paths[attributes.get("Id")] = target[1:] if target.startswith("/") else f"xl/{target}"


class Text:
    """Words inside `t` and `v`, but not in `rPh`, which tells how characters are read aloud."""

    def __init__(self):
        self.pieces, self.length, self.listening, self.aloud = [], 0, False, False

    def start(self, tag, attributes):
        if tag in ("t", "v"):
            self.listening = not self.aloud
        elif tag == "rPh":
            self.aloud = True

    def end(self, tag):
        if tag in ("t", "v"):
            self.listening = False
        elif tag == "rPh":
            self.aloud = False

    def said(self, words):
        if self.listening:
            self.pieces.append(words)
            self.length += len(words)
            if self.length > MAX_TEXT:
                raise ValidationError(f"A cell has more than {MAX_CELL:,} characters. Shorten it")

    def taken(self):
        text, self.pieces, self.length = "".join(self.pieces), [], 0
        return ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match):
    """What Excel writes as _x000D_; halves of a pair are no characters."""
    code = int(match[1], 16)
    return "" if 0xD800 <= code < 0xE000 else chr(code)


class Strings(Text):
    """xl/sharedStrings.xml"""

    def __init__(self):
        super().__init__()
        self.texts = []

    def end(self, tag):
        super().end(tag)
        if tag == "si":
            self.texts.append(self.taken())


class Texts:
    """The texts that cells point at, read only as far as somebody points: the first rows of a large workbook are
    shown at once."""

    def __init__(self, archive):
        self.strings = Strings()
        there = PART_OF_TEXTS in archive.namelist()
        self.rest = walk(archive, PART_OF_TEXTS, self.strings) if there else iter(())

    def __getitem__(self, at):
        while at >= len(self.strings.texts):
            if len(self.strings.texts) > MAX_STRINGS:
                raise ValidationError(f"The workbook holds too many texts. {ALONE}")
            if next(self.rest, self) is self:
                return ""
        return self.strings.texts[at]


class Sheet(Text):
    """xl/worksheets/sheet1.xml: whoever feeds it takes `rows` away as they are finished."""

    def __init__(self, texts, dated, zero):
        super().__init__()
        self.texts, self.dated, self.zero = texts, dated, zero
        self.rows, self.cells = [], []
        self.number, self.column, self.kind, self.style, self.seen = 0, -1, "n", "", 0

    def start(self, tag, attributes):
        if tag == "c":
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "")
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.seen += 1
            if self.seen > MAX_CELLS:
                raise ValidationError(TOO_WIDE)
        elif tag == "row":
            self.number = _whole(attributes.get("r", "")) or self.number + 1
            self.cells, self.column, self.seen = [], -1, 0
        else:
            super().start(tag, attributes)

    def end(self, tag):
        if tag == "c":
            self._put(self.taken())
        elif tag == "row":
            self.rows.append((self.number, self.cells))
        else:
            super().end(tag)

    def _put(self, said):
        if said and self.column <= MAX_COLUMNS:  # one more than allowed, so that the table can say so
            self.cells += [""] * (self.column + 1 - len(self.cells))
            self.cells[self.column] = self._value(said)

    def _value(self, said):
        if self.kind == "s":
            at = _whole(said)
            return "" if at is None else self.texts[at]
        if self.kind == "b":
            return "yes" if said == "1" else "no"
        if self.kind == "n":
            return dates.said_as_date(said, self.zero) if self.style in self.dated else said.removesuffix(".0")
        return "" if said in ERRORS else said


def _whole(digits):
    """The number, or None for what no spreadsheet writes there."""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 9 else None


def _column(reference):
    """0 for A1, 26 for AA1; beyond all columns for what no spreadsheet has."""
    letters = reference.rstrip("0123456789")
    if not (0 < len(letters) < 4 and letters.isascii() and letters.isupper()):
        return MAX_COLUMNS + 1
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1
