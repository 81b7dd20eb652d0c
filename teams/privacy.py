"""What in a text looks like personal data, so that a page can ask before it saves (domain.md §5).

It warns and never blocks: a pattern cannot know, and a false alarm must cost no more than one tick. Pure functions, no
database.
"""

import re
import unicodedata
from dataclasses import dataclass

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"(?:{_DAY}[/.\- ](?:0?[1-9]|1[0-2])[/.\- ]|{_DAY}(?:st|nd|rd|th)?(?: of)? {_MONTH},? )"
_OF_BIRTH = r"(?:19\d\d|20[01]\d)"  # a date of this decade is more likely an appointment

PATTERNS = [
    ("an email address", r"[^\s@<>(),;:]{1,64}@[^\s@<>(),;:]{1,190}\.[a-z]{2,}"),
    ("a phone number", r"(?<![\w+])(?:(?:\+|00)44[ ()\-]{0,3}0?|\(?0)[ )\-]{0,2}[1-9](?:[ ()\-]{0,2}\d){8,9}(?!\d)"),
    ("a National Insurance number", r"\b[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?\d\d ?\d\d ?\d\d ?[a-d]\b"),
    ("a driver number", r"\b[a-z][a-z9]{4} ?\d{6} ?[a-z][a-z9][a-z\d][a-z]{2}\b"),
    ("a postcode", r"\b(?-i:[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b"),
    # in small letters "r1 2nd" is a round and a place in it
    ("a postcode", r"\b[a-z]{1,2}\d[a-z\d]? ?(?!\d(?:st|nd|rd|th)\b)\d[abd-hjlnp-uw-z]{2}\b"),
    ("a date of birth", rf"\b{_DATE}{_OF_BIRTH}\b|\b{_OF_BIRTH}-(?:0\d|1[0-2])-[0-3]\d\b"),
    ("a date of birth", rf"\b(?:born|birthday|birth|d\.?o\.?b)\b\.?(?: on| is| was)?:? ?{_DATE}(?:\d\d){{1,2}}\b"),
    ("a name", r"\b(?:mrs?|ms|miss|mx)\b\.? (?-i:[^\W\d_a-z][\w’'\-]*)"),
]
COMPILED = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in PATTERNS]


@dataclass(frozen=True)
class Sighting:
    """`words` of the text look like `kind`. For the eyes of whoever typed them: never kept, never logged."""

    kind: str
    words: str

    def __str__(self):
        return f"{self.kind} (“{self.words}”)"


def sightings(*texts: str) -> list[Sighting]:
    """What looks like personal data, each only once; the first kind that takes some words keeps them."""
    found = {}
    for text in texts:
        left = _as_read(text)
        for kind, pattern in COMPILED:
            for match in pattern.finditer(left):
                found.setdefault(match[0], Sighting(kind, match[0]))
            left = pattern.sub(" … ", left)
    return list(found.values())


def warning(*texts: str) -> str:
    """A sentence for the page, or nothing where nothing was seen."""
    seen = [str(one) for one in sightings(*texts)]
    if not seen:
        return ""
    last = seen.pop()
    return f"This looks like {', '.join(seen)}{' and ' if seen else ''}{last}. Take out what could tell who it is"


def _as_read(text: str) -> str:
    """As a reader sees it: no look-alike digits, no invisible letters, single plain spaces."""
    plain = "".join(one for one in unicodedata.normalize("NFKC", text or "") if unicodedata.category(one) != "Cf")
    return re.sub(r"\s+", " ", plain)
