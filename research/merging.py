"""The same was learned twice: two findings become one, and two again when that was a mistake."""

from django.core.exceptions import ValidationError
from django.db import transaction

from backlog.models import undoing
from research import evidence
from research.models import Finding
from teams.models import Change

GOES_OVER = ["observations", "sessions", "opportunities", "stories"]
CHANGES = ["state", "superseded_by", "agreed_by", "agreed_at"]


@transaction.atomic
def merge(finding, target, *, by):
    """Everything it rests on and leads to goes over to `target`; it stays to say where it went."""
    before = undoing.as_they_are(finding, CHANGES)
    brought = {name: _not_yet_there(finding, target, name) for name in GOES_OVER}
    for name, keys in brought.items():
        getattr(target, name).add(*keys)
    finding.stop_holding(replaced_by=target)
    undo = {"fields": before, "version": finding.version, "into": target.pk, "brought": brought}
    finding.record(f"merged it into “{target}”", by=by, undo=undo)
    target.record(f"merged “{finding}” into it", by=by)
    evidence.recount([finding, target])


def to_take_back(finding, user, standing):
    """The line of history with which its merge can still be undone by this person, or None."""
    change = Change.objects.about(finding).filter(undo__isnull=False).first()
    return change if change and undoing.may_be_undone(finding, change, user, standing) else None


@transaction.atomic
def undo(finding, change, *, by):
    """What the other got by it goes back, and nothing else of it. What was withdrawn meanwhile stays away."""
    target = Finding.objects.select_related("team__programme").get(pk=change.undo["into"])
    if target.is_superseded:
        raise ValidationError(f"“{target}” no longer holds itself. Put that right first")
    for name, old in change.undo["fields"].items():
        setattr(finding, name, undoing.value_of(finding, name, old))
    finding.save_changes(*change.undo["fields"])
    for name, keys in change.undo["brought"].items():
        getattr(target, name).remove(*keys)
    undoing.close([change])
    finding.record(undoing.in_words([change]), by=by)
    target.record(f"gave “{finding}” back", by=by)
    evidence.recount([finding, target])


def _not_yet_there(finding, target, name) -> list:
    there = getattr(target, name).values("pk")
    return list(getattr(finding, name).exclude(pk__in=there).values_list("pk", flat=True))
