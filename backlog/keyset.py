"""Pages of a list that cost the same at its end as at its beginning: each starts after a key, never at an offset.

A list is one or more segments, shown one after the other: what is ranked, then what is not. Within a segment the
order is that of its columns, which must end in a unique one.
"""

from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

PAGE = 50
_SALT = "backlog.keyset"


@dataclass(frozen=True)
class Segment:
    rows: QuerySet
    columns: tuple[str, ...]  # "-" in front turns a column round

    def key(self, row) -> list:
        values = (getattr(row, column.lstrip("-")) for column in self.columns)
        return [value.isoformat() if hasattr(value, "isoformat") else value for value in values]

    def after(self, key, *, backwards=False, inclusive=False) -> QuerySet:
        """The rows after `key` in this order, or before it and turned round when going backwards."""
        columns = [_turned(column) for column in self.columns] if backwards else self.columns
        rows = self.rows.order_by(*columns)
        if key is None:
            return rows
        turned = {column.startswith("-") for column in columns}
        beyond = self._rows_beyond if len(columns) > 1 and len(turned) == 1 else _beyond
        return rows.filter(beyond(columns, key, inclusive))

    def _rows_beyond(self, columns, key, inclusive):
        """(a, b) > (x, y) for columns of one direction, where the index begins at the very row."""
        names = [column.lstrip("-") for column in columns]
        fields = [getattr(self.rows.model, name).field for name in names]
        values = [Value(value, output_field=field) for value, field in zip(key, fields, strict=True)]
        sign = ("<" if columns[0].startswith("-") else ">") + ("=" if inclusive else "")
        sides = [Func(*map(F, names), function="ROW"), Func(*values, function="ROW")]
        return Func(*sides, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())


@dataclass(frozen=True)
class Page:
    rows: list
    start: int  # the place of the first row in the whole list, from 1
    previous: str | None
    next: str | None

    @property
    def end(self):
        return self.start + len(self.rows) - 1


def page(segments, cursor=None, *, of: str, size=PAGE) -> Page:
    """One page of a list named `of` (a cursor of another list or sort is refused with BadRequest)."""
    direction, index, key, place = _read(cursor, of, len(segments)) if cursor else ("next", 0, None, 1)
    backwards = direction == "previous"
    found = _walk(segments, index, key, size + 1, backwards, inclusive=direction == "at")
    more, found = len(found) > size, found[:size]
    start = max(place - len(found), 1) if backwards else place
    if backwards:
        found.reverse()
    if not found:
        return Page([], start, None, None)

    first, last = found[0], found[-1]
    earlier = more if backwards else key is not None and start > 1
    later = True if backwards else more
    return Page(
        [row for _, row in found],
        start,
        _cursor(of, "previous", segments, first, start) if earlier else None,
        _cursor(of, "next", segments, last, start + len(found)) if later else None,
    )


def cursor_at(segments, index, row, place, *, of) -> str:
    """A cursor whose page begins with `row`, which lies in segment `index` at `place`."""
    return _cursor(of, "at", segments, (index, row), place)


def _walk(segments, index, key, wanted, backwards, inclusive):
    step = -1 if backwards else 1
    found = []
    while 0 <= index < len(segments) and len(found) < wanted:
        rows = segments[index].after(key, backwards=backwards, inclusive=inclusive)
        found += [(index, row) for row in rows[: wanted - len(found)]]
        index, key = index + step, None
    return found


def _turned(column):
    return column[1:] if column.startswith("-") else f"-{column}"


def _beyond(columns, key, inclusive):
    """(a, b) > (x, y) for columns of mixed direction; the plain bound in front lets an index be used."""
    first = columns[0].lstrip("-")
    bound = Q(**{f"{first}__{'lte' if columns[0].startswith('-') else 'gte'}": key[0]})
    any_of, so_far = Q(), Q()
    for column, value in zip(columns, key, strict=True):
        name = column.lstrip("-")
        any_of |= so_far & Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        so_far &= Q(**{name: value})
    return bound & (any_of | so_far if inclusive else any_of)


def _cursor(of, direction, segments, found, place):
    index, row = found
    return signing.dumps([of, direction, index, segments[index].key(row), place], salt=_SALT)


def _read(cursor, of, count):
    try:
        made_for, direction, index, key, place = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError) as problem:
        raise BadRequest("This link into the list is out of date. Go back to the start of the list") from problem
    if made_for != of or index >= count:
        raise BadRequest("This link belongs to another list. Go back to the start of the list")
    return direction, index, key, place
