import datetime as dt
from functools import cache

from django.db import connection, models

LONGEST_TOLD = 300  # a history names a longer text and does not repeat it


class Conflict(Exception):
    """Somebody changed the thing since it was read. The view answers 409 with both texts (P21)."""


class Versioned(models.Model):
    """A thing that two people may edit at once. Every change goes through `save_changes`."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_changes(self, *fields: str):
        """Write the named fields if nobody else has written since this row was read; raise Conflict otherwise."""
        sql, written = _update(type(self), fields)
        values = [field.get_db_prep_save(getattr(self, field.attname), connection) for field in written]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, self.pk, self.version])
            if not cursor.rowcount:
                raise Conflict(self)
        self.version += 1

    def rewrite(self, **fields) -> str:
        """Write those `fields` that differ. Returns what changed as words for the history; empty if nothing did."""
        differ = {name: new for name, new in fields.items() if plain(getattr(self, name)) != plain(new)}
        words = [self._rewritten(name, new) for name, new in differ.items()]
        for name, new in differ.items():
            setattr(self, name, new)
        if differ:
            self.save_changes(*differ)
        return ", ".join(words)

    def _rewritten(self, name, new) -> str:
        field = self._meta.get_field(name)
        if any(isinstance(one, str) and len(one) > LONGEST_TOLD for one in (getattr(self, name), new)):
            return field.verbose_name
        labels = dict(field.flatchoices)
        old, new = (_shown(labels.get(value, value)) for value in (getattr(self, name), new))
        return f"{field.verbose_name} from {old} to {new}"


@cache
def _update(model, names) -> tuple:
    """The SQL that writes these fields, and the fields. Django puts an UPDATE together anew for each row, which costs
    eight times what carrying it out does; this one depends on the code alone."""
    quote, meta = connection.ops.quote_name, model._meta
    fields = [meta.get_field(name) for name in dict.fromkeys(names)]
    places = [
        one.get_placeholder(None, None, connection) if hasattr(one, "get_placeholder") else "%s" for one in fields
    ]
    columns = [f"{quote(one.column)} = {place}" for one, place in zip(fields, places, strict=True)]
    table, version = quote(meta.db_table), quote("version")
    columns.append(f"{version} = {version} + 1")
    return f"UPDATE {table} SET {', '.join(columns)} WHERE {quote(meta.pk.column)} = %s AND {version} = %s", fields


def plain(value):
    """A browser sends every end of a line as two characters: that alone is no change."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _shown(value) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, dt.time):
        return f"{value.hour % 12 or 12}:{value:%M}{'am' if value.hour < 12 else 'pm'}"
    return str(value) if isinstance(value, int) else f"“{value}”"
