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
