"""A cell of text: tidied on the way in, guarded on the way out."""

import re
import unicodedata

DANGEROUS = "=+-@\t\r\n\0＝＋－＠"  # a spreadsheet runs a cell that begins with one of these
TO_GUARD = re.compile(rf"'*[{re.escape(DANGEROUS)}]")
GUARDED = re.compile(rf"'+[{re.escape(DANGEROUS)}]")


def tidy(cell: str) -> str:
    """Text as we keep it: line ends of one kind, no control characters, no blank edges."""
    if not cell.isprintable():
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        cell = "".join(one for one in cell if one >= " " or one in "\n\t").replace("\x7f", "")
    return cell.strip()


def plain(name: str) -> str:
    """A heading or a name for comparing: case, accents in one form, marks and spaces do not count."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run. Text that looks guarded gets one more, so that reading
    it back always gives the same text."""
    return f"'{text}" if TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` was given."""
    return cell[1:] if GUARDED.match(cell) else cell


def letter(index: int) -> str:
    """A, B, … Z, AA: what a spreadsheet calls a column, counted from 0."""
    ahead, last = divmod(index, 26)
    return (letter(ahead - 1) if ahead else "") + chr(65 + last)
