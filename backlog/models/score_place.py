"""Where the default order puts an opportunity: before the first that it beats among those nobody has moved.

In SQL of its own, because every score asks it: put together from querysets it cost more than the score.
"""

from django.db import connection

from backlog.fractional import between

AFTER_ALL = "~"  # no key sorts after it
OTHERS = "FROM backlog_opportunity WHERE programme_id = %(programme)s AND rank IS NOT NULL AND id <> %(one)s"
# In the order of the index `score_order`, letter for letter.
BEATEN = f"""
    SELECT rank {OTHERS} AND NOT moved AND merit <= %(merit)s
        AND (merit < %(merit)s OR created_at > %(created)s OR (created_at = %(created)s AND id > %(one)s))
    ORDER BY merit DESC, created_at, id LIMIT 1
"""
AROUND = f"""
    WITH beaten AS ({BEATEN})
    SELECT rank, (SELECT rank FROM beaten) AS beaten {OTHERS}
        AND rank <= coalesce((SELECT rank FROM beaten), '{AFTER_ALL}')
    ORDER BY rank DESC LIMIT 2
"""


def beaten_by(opportunity) -> str | None:
    """The key of the first that comes after it in score order."""
    found = _asked(BEATEN, opportunity)
    return found[0][0] if found else None


def key_for(opportunity) -> str:
    """A key before the first it beats; otherwise at the end."""
    ranks = _asked(AROUND, opportunity)
    high = ranks[0][1] if ranks else None
    low = next((rank for rank, _ in ranks if rank != high), None)
    return between(low, high)


def _asked(sql, one):
    asked = {"programme": one.programme_id, "one": one.pk, "merit": one.merit, "created": one.created_at}
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return cursor.fetchall()
