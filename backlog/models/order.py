from django.db import models, transaction
from django.db.models import F

from backlog.fractional import between, spread
from teams.models import Change, Programme

from .opportunity import Opportunity

COUNT_UP_TO = 1000  # a place further down is not worth counting (performance.md §5)


class Order(models.Model):
    """The product owners' one order of a programme's backlog.

    Every move locks this row first, so the order always equals some serial order of the moves (P22); `version`
    counts them.
    """

    programme = models.OneToOneField(Programme, models.CASCADE, primary_key=True, related_name="order")
    version = models.PositiveBigIntegerField(default=0)

    @classmethod
    def locked(cls, programme_id):
        """The order, held until the transaction ends."""
        cls.objects.bulk_create([cls(programme_id=programme_id)], ignore_conflicts=True)
        return cls.objects.select_for_update(no_key=True).get(programme_id=programme_id)

    def items(self):
        return Opportunity.objects.filter(programme_id=self.programme_id).ranked()

    # --- Keys

    def key_by_score(self, opportunity) -> str:
        """Before the first item it beats among those nobody has moved; otherwise at the end."""
        others = self.items().exclude(pk=opportunity.pk)
        beaten = others.filter(moved=False).beaten_by(opportunity).in_score_order().first()
        return self._key_before(beaten.rank, others) if beaten else self._key_before(None, others)

    def free_key_at(self, rank) -> str:
        """`rank` itself, or one just after it when somebody else has taken it since."""
        if not self.items().filter(rank=rank).exists():
            return rank
        after = self.items().filter(rank__gt=rank).values_list("rank", flat=True).first()
        return between(rank, after)

    def _key_before(self, rank, others):
        ahead = others if rank is None else others.filter(rank__lt=rank)
        return between(ahead.reverse().values_list("rank", flat=True).first(), rank)

    # --- Moves

    @transaction.atomic
    def move(self, opportunities, *, before=None, by):
        """Put `opportunities` (ranked, in the given sequence) directly before `before`, or at the end.

        Call it on a locked order. Writes one row each and one line of history; returns the line.
        """
        moving = [one.pk for one in opportunities]
        others = self.items().exclude(pk__in=moving)
        high = others.get(pk=before.pk).rank if before else None
        ahead = others.filter(rank__lt=high) if high else others
        low = ahead.reverse().values_list("rank", flat=True).first()
        was = {str(one.pk): [one.rank, one.moved] for one in opportunities}
        for one, key in zip(opportunities, spread(len(moving), low, high), strict=True):
            one.rank, one.moved = key, True
        return self._write(opportunities, was, by=by)

    @transaction.atomic
    def sort_by_score(self, team, *, by):
        """Forget the moves of a team's items and put each at its score position. Other teams' items stay put."""
        was = {}
        own = list(self.items().filter(team=team).in_score_order())
        for one, key in self.by_score(team, own):
            was[str(one.pk)] = [one.rank, one.moved]
            one.rank, one.moved = key, False
        return self._write(own, was, by=by, words="sorted the backlog by score")

    def by_score(self, team, own):
        """(item, key) for each of a team's items, best first: where sorting by score would put it."""
        rest = list(self.items().exclude(team=team))
        keys, at, low = [], 0, None
        waiting = []
        for one in own:
            while at < len(rest) and (rest[at].moved or _beats(rest[at], one)):
                keys += zip(waiting, spread(len(waiting), low, rest[at].rank), strict=True)
                waiting, low, at = [], rest[at].rank, at + 1
            waiting.append(one)
        high = rest[at].rank if at < len(rest) else None
        return keys + list(zip(waiting, spread(len(waiting), low, high), strict=True))

    @transaction.atomic
    def undo(self, change, *, by):
        """Put moved items back, where nobody has moved them since."""
        back = []
        for one in Opportunity.objects.filter(pk__in=change.undo["order"], rank__isnull=False):
            rank, moved = change.undo["order"][str(one.pk)]
            if one.rank == change.undo["now"].get(str(one.pk)):
                one.rank, one.moved = self.free_key_at(rank), moved
                back.append(one)
        return back

    def _write(self, items, was, *, by, words=None):
        Opportunity.objects.bulk_update(items, ["rank", "moved"], batch_size=500)
        Order.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.version += 1
        undo = {"order": was, "now": {str(one.pk): one.rank for one in items}, "order_version": self.version}
        if len(items) == 1:
            return items[0].record(words or "moved", by=by, undo=undo)
        return Change.objects.record(
            self.programme,
            words or f"moved {len(items)} opportunities",
            by=by,
            programme=self.programme,
            undo=undo,
        )

    # --- Places

    def place_of(self, opportunity) -> int | None:
        """1 for the first; None when it lies beyond the first thousand."""
        ahead = self.items().filter(rank__lt=opportunity.rank)[:COUNT_UP_TO].count()
        return ahead + 1 if ahead < COUNT_UP_TO else None


def _beats(one, other):
    return (-one.merit, one.created_at, one.pk) < (-other.merit, other.created_at, other.pk)
