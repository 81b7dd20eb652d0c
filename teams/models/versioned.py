import datetime as dt

from django.db import models
from django.db.models import F


class Conflict(Exception):
    """Somebody changed the thing since it was read. The view answers 409 with both texts (P21)."""


class Versioned(models.Model):
    """A thing that two people may edit at once. Every change goes through `save_changes`."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save_changes(self, *fields: str):
        """Write the named fields if nobody else has written since this row was read; raise Conflict otherwise."""
        values = {field: getattr(self, field) for field in fields}
        rows = type(self)._base_manager.filter(pk=self.pk, version=self.version)
        if not rows.update(**values, version=F("version") + 1):
            raise Conflict(self)
        self.version += 1

    def rewrite(self, **fields) -> str:
        """Write those `fields` that differ. Returns what changed as words for the history; empty if nothing did."""
        differ = {name: new for name, new in fields.items() if getattr(self, name) != new}
        words = [self._rewritten(name, new) for name, new in differ.items()]
        for name, new in differ.items():
            setattr(self, name, new)
        if differ:
            self.save_changes(*differ)
        return ", ".join(words)

    def _rewritten(self, name, new) -> str:
        field = self._meta.get_field(name)
        labels = dict(field.flatchoices)
        old, new = (_shown(labels.get(value, value)) for value in (getattr(self, name), new))
        return f"{field.verbose_name} from {old} to {new}"


def _shown(value) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, dt.time):
        return f"{value.hour % 12 or 12}:{value:%M}{'am' if value.hour < 12 else 'pm'}"
    return str(value) if isinstance(value, int) else f"“{value}”"
