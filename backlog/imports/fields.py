"""What a column of somebody's spreadsheet can become: our names, the headings we know, and how a cell is read."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from backlog import scoring
from backlog.models.states import MustDo

from .cells import plain, tidy, unguarded

MOST_PEOPLE = 100_000
PEOPLE = ("number of people", "no of people", "customers", "number of customers", "no of customers")


@dataclass(frozen=True)
class Field:
    key: str
    label: str
    known_as: tuple[str, ...]
    clean: Callable[[str], object]
    hint: str = ""


def line(limit):
    return _limited(limit, lambda cell: " ".join(cell.split()))


def paragraphs(limit):
    return _limited(limit, str)


def _limited(limit, shape):
    def clean(cell):
        words = shape(tidy(unguarded(cell)))
        if len(words) > limit:
            raise ValidationError(f"is {len(words):,} characters long; the most is {limit:,}")
        return words

    return clean


def on_scale(steps, words, example):
    """A number of the scale, its name, or both ("8 very high"); "?" is not yet known."""
    known = {str(step): step for step in steps} | {plain(name): step for name, step in words.items()}
    known |= {plain(f"{step} {name}"): step for name, step in words.items() for step in [words[name]]}
    unknown = {"", "unknown", "not known", "not yet known", "not scored", "n a", "none", "tbc"}

    def clean(cell):
        said = plain(cell.removesuffix(".0"))
        if said in unknown:
            return None
        if said not in known:
            raise ValidationError(f"is “{cell[:40]}”; use {example}, or ? when it is not known")
        return known[said]

    return clean


def people(cell):
    digits = cell.removesuffix(".0").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise ValidationError(f"is “{cell[:40]}”; use a whole number of people")
    if int(digits) > MOST_PEOPLE:
        raise ValidationError(f"is {int(digits):,}; the most is {MOST_PEOPLE:,}")
    return int(digits)


def must_do(cell):
    said = plain(cell)
    if said in ("no", "n", "false", "0", ""):
        return MustDo.NO.value
    for one in MustDo:
        if one and said in (plain(one.label), plain(one.value), plain(one.label).split()[0]):
            return one.value
    raise ValidationError(f"is “{cell[:40]}”; use legal duty, safety, fixed date or no")


SIZE_WORDS = {"xs": 1, "s": 2, "m": 3, "l": 5, "xl": 8} | {
    "extra small": 1,
    "small": 2,
    "medium": 3,
    "large": 5,
    "extra large": 8,
}
VALUE_WORDS = {name: step for step, name in scoring.VALUES.items()}

FIELDS = [
    Field("title", "Title", ("title", "summary", "opportunity", "name", "problem", "pain point"), line(150)),
    Field(
        "reference",
        "Throughline reference",
        ("throughline reference",),
        line(20),
        "Like HOU-17. A row that has one changes that opportunity",
    ),
    Field(
        "source_key",
        "Your reference",
        ("your reference", "reference", "ref", "id", "issue key", "key", "number", "no", "ref no", "reference number"),
        line(100),
        "What your file calls the row. Importing the file again then changes what came before and adds nothing twice",
    ),
    Field("description", "Description", ("description", "details", "detail", "background"), paragraphs(5000)),
    Field(
        "recommendation",
        "Recommendation",
        ("recommendation", "recommended action", "proposal", "suggestion"),
        line(300),
    ),
    Field(
        "themes",
        "Strategy themes",
        ("strategy themes", "themes", "theme", "strategy theme", "labels"),
        str,
        "Several in one cell: put a semicolon between them",
    ),
    Field("stage", "Journey stage", ("journey stage", "stage", "journey step", "step"), line(100)),
    Field(
        "services",
        "Services",
        ("services", "service", "service area", "components"),
        str,
        "Several in one cell: put a semicolon between them",
    ),
    Field(
        "value",
        "Value",
        ("value", "benefit", "business value", "v", "benefit score"),
        on_scale(scoring.VALUES, VALUE_WORDS, "1, 2, 3, 5 or 8"),
        "1, 2, 3, 5 or 8, or very low to very high",
    ),
    Field(
        "size",
        "Size",
        ("size", "effort", "t shirt size", "s", "t shirt", "tshirt size"),
        on_scale(scoring.SIZES, SIZE_WORDS, "XS, S, M, L or XL"),
        "XS, S, M, L or XL, or 1, 2, 3, 5 or 8",
    ),
    Field(
        "earlier_participants",
        "Participants in earlier research",
        ("participants in earlier research", "participants", "evidence", "people", "number of participants", *PEOPLE),
        people,
        "How many people it was seen with",
    ),
    Field(
        "earlier_reference",
        "Where that research is kept",
        ("where that research is kept", "research reference", "evidence reference", "report", "source"),
        line(200),
    ),
    Field(
        "evidence_note",
        "Note of the evidence",
        ("note of the evidence", "evidence note", "notes", "note", "source note", "evidence", "evidence source"),
        paragraphs(2000),
    ),
    Field("must_do", "Must-do", ("must do", "mandatory"), must_do, "Legal duty, safety, fixed date or no"),
    Field(
        "must_do_reason", "Reason it is a must-do", ("reason it is a must do", "must do reason", "reason"), line(300)
    ),
]
BY_KEY = {field.key: field for field in FIELDS}
MANY = ("themes", "services")  # a cell may hold several, and so may several columns of the same heading
