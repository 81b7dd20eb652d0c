"""Where somebody's words may stand, found out before anything is locked.

To read all texts of a programme takes seconds, and others wait for whoever holds its order. So it is done first; once
rows are locked, only those that were found and those written since are read again.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice

from django.db import connection, models
from django.db.models import Func, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

AT_ONCE = 2000  # rows


@dataclass(frozen=True)
class Seen:
    sentences: frozenset
    since: str  # the oldest transaction that was still at work when it began
    keys: dict  # of rows that may hold them, by model

    def holds_for(self, sentences) -> bool:
        return self.sentences.issuperset(sentences)

    def keys_now(self, model) -> set:
        """Of the rows found then, and of those that whoever looked cannot have seen as they are now."""
        is_newer = RawSQL(
            f'age("{model._meta.db_table}".xmin) <= age(%s::xid)', [self.since], output_field=models.BooleanField()
        )
        return self.keys[model].union(model._base_manager.filter(is_newer).values_list("pk", flat=True))


def look(sentences, words, places) -> Seen:
    """`places` are (rows, their columns)."""
    seen = Seen(frozenset(sentences), _oldest_at_work(), defaultdict(set))
    for rows, fields in places:
        for keys in that_may_hold(words, rows, fields):
            seen.keys[rows.model].update(keys)
    return seen


def that_may_hold(words, rows, fields):
    """The keys of rows to look at more closely, some at a time. All texts of a row come as one: there are very many."""
    texts = [Cast(field.attname, models.TextField()) for field in fields]
    together = Func(Value(" "), *texts, function="CONCAT_WS", output_field=models.TextField())
    found = rows.order_by().values_list("pk", together).iterator(chunk_size=AT_ONCE)
    keys = (pk for pk, text in found if words.may_stand_in(text))
    while some := list(islice(keys, AT_ONCE)):
        yield some


def _oldest_at_work() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::xid::text")
        return cursor.fetchone()[0]
