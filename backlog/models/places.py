"""Which place an opportunity has in its programme's order, had, or would have. Places count from 1, and are not counted
beyond a thousand (performance.md §5)."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models
from django.db.models import Func, OuterRef

from backlog.models import score_place

from .opportunity import Opportunity

COUNT_UP_TO = 1000
PLACES = """
    SELECT key, (SELECT count(*) FROM (
        SELECT FROM backlog_opportunity
        WHERE programme_id = %s AND rank < key AND rank IS DISTINCT FROM %s::text LIMIT %s) AS ahead)
    FROM unnest(%s::text[]) WITH ORDINALITY AS asked (key, turn) ORDER BY turn
"""


def place_of(opportunity) -> int | None:
    """None when it has no rank or lies beyond the first thousand."""
    return places_at([opportunity.rank], opportunity)[0]


def places_at(ranks, opportunity) -> list:
    """The place that `opportunity` has, had or would have at each of `ranks`, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(PLACES, [opportunity.programme_id, opportunity.rank, COUNT_UP_TO, ranks])
        return [ahead + 1 if rank and ahead < COUNT_UP_TO else None for rank, ahead in cursor]


def place_by_score(opportunity) -> tuple[int, int]:
    """(place, of how many) that its value and size would give it; counting stops at a thousand.

    The opportunity need not be saved: what is asked is what a change would do.
    """
    others = Opportunity.objects.filter(programme_id=opportunity.programme_id).ranked().exclude(pk=opportunity.pk)
    beaten = score_place.beaten_by(opportunity)
    of = _counted(others)
    return (_counted(others.filter(rank__lt=beaten)) if beaten else of) + 1, of + 1


def moved_by(programme_id, rows) -> dict:
    """How many places each moved row of a page stands above (+) or below (−) its score position.

    One statement for the page; counting stops at a thousand on either side.
    """
    moved = [row.pk for row in rows if row.moved]
    if not moved:
        return {}
    items = Opportunity.objects.filter(programme_id=programme_id, rank__isnull=False)
    by_rank = items.filter(rank__lt=OuterRef("rank")).order_by("rank")[:COUNT_UP_TO]
    by_score = items.filter(merit__gt=OuterRef("merit")).order_by("-merit")[:COUNT_UP_TO]
    found = Opportunity.objects.filter(pk__in=moved).annotate(rank_place=_count(by_rank), score_place=_count(by_score))
    return {pk: score - rank for pk, rank, score in found.values_list("pk", "rank_place", "score_place")}


def _counted(rows):
    return rows.values("rank")[:COUNT_UP_TO].count()


def _count(rows):
    return Func(ArraySubquery(rows.values("pk")), function="CARDINALITY", output_field=models.IntegerField())
