"""Teams, services, themes and programmes are put away and brought back, never deleted: what was done there stays."""

from django.core.exceptions import ValidationError
from django.utils import timezone


def archive(thing):
    if thing.archived_at:
        raise ValidationError(f"{thing} is archived already")
    thing.archived_at = timezone.now()
    thing.save_changes("archived_at")


def restore(thing):
    if not thing.archived_at:
        raise ValidationError(f"{thing} is not archived")
    thing.archived_at = None
    thing.save_changes("archived_at")
