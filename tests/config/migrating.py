"""Tables with people's rows in them, and what stands there before and after a migration."""

from django.core.management import call_command
from django.db import connection

OURS = ["teams", "backlog", "sprints", "research"]


def migrate(*to):
    call_command("migrate", *to, verbosity=0, interactive=False)


def contents():
    """For every column of our tables, a sum of what stands in it, row by row."""
    with connection.cursor() as cursor:
        tables = [one.name for one in connection.introspection.get_table_list(cursor)]
        return {
            (table, column): found
            for table in tables
            if table.partition("_")[0] in OURS
            for column, found in _sums(cursor, table).items()
        }


def _sums(cursor, table):
    key = connection.introspection.get_primary_key_column(cursor, table)
    columns = [one.name for one in connection.introspection.get_table_description(cursor, table)]
    sums = [f'md5(string_agg("{column}"::text, chr(1) ORDER BY "{key}"))' for column in columns]
    cursor.execute(f'SELECT count(*), {", ".join(sums)} FROM "{table}"')
    count, *found = cursor.fetchone()
    return {column: (count, one) for column, one in zip(columns, found, strict=True)}
