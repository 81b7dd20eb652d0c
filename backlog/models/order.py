from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Subquery
from django.db.models.expressions import RawSQL
from django.utils import timezone

from backlog.fractional import between, spread
from teams.models import Change, Conflict, Programme
from teams.prepared import prepared

from .opportunity import Opportunity


class Order(models.Model):
    """The product owners' one order of a programme's backlog.

    Every move locks this row first, so the order always equals some serial order of the moves (P22); `version`
    counts them.
    """

    programme = models.OneToOneField(Programme, models.CASCADE, primary_key=True, related_name="order")
    version = models.PositiveBigIntegerField(default=0)

    @classmethod
    def locked(cls, programme_id):
        """The order, held until the transaction ends; made for the programme's first move."""
        for order in _held(programme_id):
            return order
        cls.objects.bulk_create([cls(programme_id=programme_id)], ignore_conflicts=True)
        return _held(programme_id)[0]

    def items(self):
        return Opportunity.objects.filter(programme_id=self.programme_id).ranked()

    # --- Keys

    def free_key_at(self, rank) -> str:
        """`rank` itself, or one just after it when somebody else has taken it since."""
        return _free(self.items(), rank)

    # --- Where to

    @staticmethod
    def holds(opportunity) -> bool:
        """Whether it has a place. What a move goes by is read again, for it may have changed before the lock."""
        for now in _as_it_stands(opportunity.pk):
            opportunity.rank, opportunity.moved, opportunity.state = now
            return opportunity.rank is not None
        return False

    def neighbour(self, opportunity, to, *, place=None, reference="", everywhere=False):
        """The item that `opportunity` should stand before, or None for the end. Raises ValidationError.

        Places are those of the opportunity's team, whose list is the same order, filtered; or, `everywhere`, those
        of the whole programme.
        """
        if to in ("before", "after"):
            named = self._named(reference, opportunity, everywhere)
            return named if to == "before" else self.item_after(named, opportunity)
        others = self.items().exclude(pk=opportunity.pk).only("rank")
        if not everywhere:
            others = others.filter(team=opportunity.team)
        ahead, behind = others.filter(rank__lt=opportunity.rank), others.filter(rank__gt=opportunity.rank)
        if to == "top":
            return others.first()
        if to == "bottom":
            return self.item_after(others.last(), opportunity)
        if to == "up":
            return ahead.last() or behind.first()
        if to == "down":
            return self.item_after(behind.first() or ahead.last(), opportunity)
        return others[place - 1 : place].first() or self.item_after(others.last(), opportunity)

    def item_after(self, item, *moving):
        """What follows `item` in the whole order once `moving` are taken out of it."""
        others = self.items().exclude(pk__in=[one.pk for one in moving]).only("rank")
        return others.filter(rank__gt=item.rank).first() if item else None

    def _named(self, reference, opportunity, everywhere):
        for other in _ranked_as(self.programme_id, reference):
            if other != opportunity and (everywhere or other.team_id == opportunity.team_id):
                return other
        raise ValidationError(f"{reference} is not in this list. Enter the reference of one that is")

    # --- Moves: call them on a locked order

    def move(self, items, *, before=None, by):
        """Put ranked `items` of one team, in the given sequence, directly before `before`, or at the end.

        Writes one row each and one line of history, which it returns.
        """
        low, high = self._gap_before(before, items)
        places = [(one, key, True) for one, key in zip(items, spread(len(items), low, high), strict=True)]
        return self._place(places, "moved" if len(items) == 1 else f"moved {len(items)} opportunities", by=by)

    @transaction.atomic
    def sort_by_score(self, team, *, by):
        """Forget the moves of a team's items and put each at its score position; other teams' items stay put.

        Returns the line of history, or None where there was nothing to sort.
        """
        places = [(one, key, False) for one, key in self._by_score(team)]
        return self._place(places, "sorted the backlog by score", by=by, about=team) if places else None

    def preview_sort(self, team) -> list:
        """(item, its place now, its place after) for each item of the team that sorting by score would move."""
        now = list(self.items().filter(team=team))
        then = {one.pk: place for place, one in enumerate(self.items().filter(team=team).in_score_order(), 1)}
        return [(one, place, then[one.pk]) for place, one in enumerate(now, 1) if then[one.pk] != place]

    def _by_score(self, team):
        """(item, key) for each of a team's items, best first, woven between the other teams' items."""
        rest = list(self.items().exclude(team=team))
        keys, waiting, at, low = [], [], 0, None
        for one in self.items().filter(team=team).in_score_order():
            while at < len(rest) and (rest[at].moved or _beats(rest[at], one)):
                keys += zip(waiting, spread(len(waiting), low, rest[at].rank), strict=True)
                waiting, low, at = [], rest[at].rank, at + 1
            waiting.append(one)
        high = rest[at].rank if at < len(rest) else None
        return [*keys, *zip(waiting, spread(len(waiting), low, high), strict=True)]

    @transaction.atomic
    def undo(self, change, *, by):
        """Put moved items back where nobody has moved them since. Raises Conflict when all have been."""
        still = change.undo["now"]
        items = [
            one for one in self.items().filter(pk__in=still).select_related("team") if one.rank == still[str(one.pk)]
        ]
        if not items:
            raise Conflict(self)
        was = change.undo["order"]
        others = self.items().exclude(pk__in=[one.pk for one in items])
        places = [(one, _free(others, was[str(one.pk)][0]), was[str(one.pk)][1]) for one in items]
        self._place(places, f"undid {change.in_quotes}", by=by, about=items[0].team if len(items) > 1 else None)
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])
        return items

    def _gap_before(self, before, moving):
        """The keys between which `moving` will stand, once taken out: that of `before`, and the one ahead of it."""
        moving = [one.pk for one in moving]
        if before is None:
            return next(iter(_last_key(self.programme_id, moving)), None), None
        high, *low = _keys_up_to(self.programme_id, before.pk, moving)
        return (low[0] if low else None), high

    def _place(self, places, words, *, by, about=None):
        items = [one for one, _, _ in places]
        was = {str(one.pk): [one.rank, one.moved] for one in items}
        for one, key, moved in places:
            one.rank, one.moved = key, moved
        if len(items) == 1:
            items[0].save(update_fields=["rank", "moved"])
        else:
            Opportunity.objects.bulk_update(items, ["rank", "moved"], batch_size=500)
        self.version += 1
        self.save(update_fields=["version"])
        undo = {"order": was, "now": {str(one.pk): one.rank for one in items}}
        if about is None and len(items) > 1:
            about = items[0].team
        if about:
            return Change.objects.record(about, words, by=by, team=about, undo=undo)
        return items[0].record(words, by=by, undo=undo)


@prepared
def _held(programme: int):
    return Order.objects.select_for_update(no_key=True).filter(programme=programme)


@prepared
def _as_it_stands(opportunity: int):
    return Opportunity.objects.filter(pk=opportunity).values_list("rank", "moved", "state")


@prepared
def _ranked_as(programme: int, reference: str):
    return Opportunity.objects.filter(programme=programme, reference=reference).ranked().only("rank", "team")


@prepared
def _last_key(programme: int, moving: list):
    return _keys(programme, moving)[:1]


@prepared
def _keys_up_to(programme: int, before: int, moving: list):
    """That of `before`, and the one ahead of it."""
    up_to = Opportunity.objects.filter(pk=before).values("rank")
    return _keys(programme, moving).filter(rank__lte=Subquery(up_to))[:2]


def _keys(programme, moving):
    """Of all but `moving`, the last first."""
    taken_out = RawSQL("SELECT unnest(%s::bigint[])", [moving])
    items = Opportunity.objects.filter(programme=programme).ranked().exclude(pk__in=taken_out)
    return items.reverse().values_list("rank", flat=True)


def _free(items, rank):
    if not items.filter(rank=rank).exists():
        return rank
    return between(rank, items.filter(rank__gt=rank).values_list("rank", flat=True).first())


def _beats(one, other):
    return (-one.merit, one.created_at, one.pk) < (-other.merit, other.created_at, other.pk)
