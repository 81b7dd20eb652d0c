"""Where in the whole database a text stands (P19)."""

import json

from django.db import connection

CANARY = 'ZZPII “signed 100% of it\\all” where_they "pointed"'


def everywhere(text) -> list[str]:
    """The tables in which it stands, in whatever column, as text or inside JSON, capitals or not."""
    inside = json.dumps(text, ensure_ascii=False)[1:-1]
    shapes = [one.lower() for one in (inside, text, json.dumps(inside)[1:-1])]
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            row = f'lower(to_jsonb(t)::text), lower(t::text) AS raw FROM "{table}" t'
            wanted = "strpos(json, %s) > 0 OR strpos(raw, %s) > 0 OR strpos(json, %s) > 0"
            cursor.execute(f"SELECT count(*) FROM (SELECT {row}) t (json, raw) WHERE {wanted}", shapes)
            found += [table] if cursor.fetchone()[0] else []
        return found
