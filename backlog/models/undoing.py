"""How a change of a story or an opportunity is remembered, and how what it replaced is put back.

Changes that carry one mark belong together: those of a bulk edit, or the steps of one move across a board.
"""

import datetime as dt
import re

from django.utils import timezone

from teams.models import Change, Conflict
from teams.models.history import UNDO_FOR

ABOUT_ONE = re.compile(r"^((?:undid “)?\w+ )it\b")


def as_they_are(thing, names) -> dict:
    """These fields as a line of history keeps them."""
    return {name: _as_json(getattr(thing, thing._meta.get_field(name).attname)) for name in names}


def note(thing, fields, more=None) -> dict:
    """What an undo needs: `fields` as they were, the version that the change made, and what it belongs to."""
    mark = {"together": thing.together} if thing.together else {}
    return {"fields": fields, "version": thing.version, **mark, **(more or {})}


def may_be_undone(thing, change, user, standing) -> bool:
    """By whoever did it or the product owner, until somebody changes the same thing, for seven days (§2.3)."""
    return (
        change.may_still_be_undone
        and change.undo.get("version") == thing.version
        and (change.who_id == user.pk or standing.may("decide"))
    )


def lines(thing, change) -> list:
    """What is taken back with `change`, newest first. Raises Conflict when the thing has changed since."""
    if change.undo.get("version") != thing.version:
        raise Conflict(thing)
    mark = change.undo.get("together")
    return list(Change.objects.about(thing).filter(undo__together=mark, undone_at=None)) if mark else [change]


def newest(team, mark):
    """The last of what belongs together, which stands for all of it; None where nothing was changed."""
    return Change.objects.filter(team=team, undo__together=mark).newest_first().first()


def of_each(change) -> list:
    """Of each thing that was changed together the newest line, from which its undo begins; things by their ids."""
    mark = change.undo and change.undo.get("together")
    if not mark:
        return [change]
    changes = Change.objects.filter(team=change.team_id, kind=change.kind, at__gte=change.at - UNDO_FOR)
    belonging = changes.filter(undo__together=mark, undone_at=None).order_by("thing_id", "at", "pk")
    return [*{one.thing_id: one for one in belonging}.values()]


def replaced(lines) -> dict:
    """What they replaced altogether: of one field, what the oldest says."""
    found, fields = {}, {}
    for line in lines:
        found, fields = found | line.undo, fields | line.undo["fields"]
    return found | {"fields": fields}


def value_of(thing, name, old):
    """What a field held, from what the history kept; a place that is taken by now is the next free one."""
    field = thing._meta.get_field(name)
    if name == "rank" and old:
        return thing.order().free_key_at(old)
    if field.is_relation:
        return field.related_model._base_manager.filter(pk=old).first()
    return field.to_python(old)


def of_several(words) -> str:
    """A line of history is told of one thing: “parked it: Later” of several is “parked them: Later”."""
    return ABOUT_ONE.sub(r"\1them", words, count=1)


def in_words(lines) -> str:
    return "undid " + " and ".join(line.in_quotes for line in reversed(lines))


def close(lines):
    for line in lines:
        line.undone_at = timezone.now()
        line.save(update_fields=["undone_at"])


def _as_json(value):
    return value.isoformat() if isinstance(value, dt.date) else value
