from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from backlog.fractional import between, one_between
from teams.models import Change, Conflict, Team

from .story import Story

COUNT_UP_TO = 1000  # a place further down is not worth counting (performance.md §5)


class StoryOrder:
    """The product owner's order of one team's open stories.

    Every move locks the team's row first, as taking a number does, so the order equals some serial order of the moves.
    """

    def __init__(self, team):
        self.team = team

    @classmethod
    def locked(cls, team):
        """The order, held until the transaction ends."""
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        return cls(team)

    def items(self):
        return Story.objects.filter(team=self.team, rank__isnull=False).order_by("rank")

    def neighbour(self, story, to, *, place=None, reference=""):
        """The story that `story` should stand before, or None for the end. Raises ValidationError."""
        others = self.items().exclude(pk=story.pk)
        ahead, behind = others.filter(rank__lt=story.rank), others.filter(rank__gt=story.rank)
        if to == "top":
            return others.first()
        if to == "up":
            return ahead.last() or behind.first()
        if to == "down":
            return behind[1:2].first() if behind.exists() else None
        if to == "before":
            return self._other(others, reference)
        if to == "after":
            return others.filter(rank__gt=self._other(others, reference).rank).first()
        return others[place - 1 : place].first() if to == "place" else None

    @staticmethod
    def _other(others, reference):
        other = others.filter(reference=reference).first()
        if other is None:
            raise ValidationError(f"{reference} is not in this list. Enter the reference of one that is")
        return other

    @transaction.atomic
    def move(self, stories, *, before=None, by):
        """Put stories, in the given sequence, directly before another, or at the end. Returns the line of history."""
        others = self.items().exclude(pk__in=[one.pk for one in stories])
        high = others.get(pk=before.pk).rank if before else None
        ahead = others.filter(rank__lt=high) if high else others
        keys = _keys(len(stories), ahead.reverse().values_list("rank", flat=True).first(), high)
        words = "moved" if len(stories) == 1 else f"moved {len(stories)} stories"
        return self._place(list(zip(stories, keys, strict=True)), words, by=by)

    @transaction.atomic
    def undo(self, change, *, by):
        """Put moved stories back where nobody has moved them since. Raises Conflict when all have been."""
        still, was = change.undo["now"], change.undo["story_order"]
        moved = self.items().filter(pk__in=still).select_related("team__programme")
        stories = [one for one in moved if one.rank == still[str(one.pk)]]
        if not stories:
            raise Conflict(self)
        places = [(one, self.free_key_at(was[str(one.pk)])) for one in stories]
        done = self._place(places, f"undid {change.in_quotes}", by=by)
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
        return done

    def free_key_at(self, rank) -> str:
        """`rank` itself, or one just after it when another story has taken it since."""
        if not self.items().filter(rank=rank).exists():
            return rank
        return between(rank, self.items().filter(rank__gt=rank).values_list("rank", flat=True).first())

    def _place(self, places, words, *, by):
        was = {str(one.pk): one.rank for one, _ in places}
        for one, key in places:
            one.rank = key
        stories = [one for one, _ in places]
        Story.objects.bulk_update(stories, ["rank"])
        undo = {"story_order": was, "now": {str(one.pk): one.rank for one in stories}}
        if len(stories) == 1:
            return stories[0].record(words, by=by, undo=undo)
        return Change.objects.record(self.team, words, by=by, team=self.team, undo=undo)

    def place_of(self, story) -> int | None:
        """1 for the first; None when it lies beyond the first thousand."""
        ahead = self.items().filter(rank__lt=story.rank)[:COUNT_UP_TO].count()
        return ahead + 1 if ahead < COUNT_UP_TO else None


def _keys(count, low, high) -> list[str]:
    """So many keys between two others."""
    keys = []
    for _ in range(count):
        low = one_between(low, high)
        keys.append(low)
    return keys
