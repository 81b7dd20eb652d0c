"""Tables as text: CSV of any dialect, and what a spreadsheet puts on the clipboard."""

import codecs
import csv
import io
from itertools import islice

from django.core.exceptions import ValidationError

MARKS = [  # the longer mark first: UTF-32 begins as UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
DELIMITERS = ",;\t|"


def records(content: bytes):
    """(line number, cells) of every record. The number is the row a spreadsheet shows."""
    text = decoded(content)
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return _read(rest, first.strip()[4], start=2)
    return _read(text, _delimiter(text))


def decoded(content: bytes) -> str:
    """The text, by its mark; without one UTF-8, UTF-16 or what Western Windows writes, whichever fits."""
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" in text:
            break
        return text
    raise ValidationError("The file holds characters that are not text. Save the table as CSV UTF-8 or .xlsx")


def _candidates(content):
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return [encoding]
    head = content[:400]
    if head[1::2].count(0) > len(head) // 3:
        return ["utf-16-le"]
    if head[0::2].count(0) > len(head) // 3:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _delimiter(text):
    """What cuts the first records into the most cells of the same number."""

    def worth(delimiter):
        try:
            lengths = [len(cells) for _, cells in islice(_read(text[:50_000], delimiter, strict=False), 20) if cells]
        except ValidationError:
            return 0, 0
        usual = max(set(lengths), key=lengths.count, default=0)
        return (usual > 1, lengths.count(usual) / len(lengths), usual) if lengths else (0, 0, 0)

    return max(DELIMITERS, key=worth)


def _read(text, delimiter, start=1, strict=True):
    quoting = csv.QUOTE_MINIMAL
    if delimiter == "\t" and not _quotes_close(text):
        quoting = csv.QUOTE_NONE  # a clipboard leaves quotation marks as people typed them
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting, strict=strict)
    number = start
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            raise ValidationError(_in_words(problem, number)) from None
        yield number, cells
        number += 1


def _quotes_close(text):
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=True):
            pass
    except csv.Error:
        return False
    return True


def _in_words(problem, number):
    if "field larger than" in str(problem):
        return f"Row {number} has a cell of more than 10,000 characters. Shorten it, or check its quotation marks"
    return f"The quotation marks in row {number} do not match. Correct them, or save the table as .xlsx"
