"""The end of the golden thread: what was played back, what was said of it, and what became of it."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q

from research.models import EditionItem, Outcome, Response


@dataclass
class PlayedBack:
    """One item as the newest edition says it, with the latest few answers of `total`."""

    item: EditionItem
    responses: list
    total: int
    outcome: Outcome | None

    @property
    def playback(self):
        return self.item.edition.playback

    @property
    def address(self):
        return f"{self.playback.get_absolute_url()}#item-{self.item.item_id}"

    @property
    def answers(self):
        return f"{self.playback.get_absolute_url()}items/{self.item.item_id}/answers/"


def played_back(team, *, opportunities=(), stories=(), findings=()) -> list:
    """Where these were played back by their team, the latest first; as many statements for many as for one."""
    of = Q(item__opportunity__in=opportunities) | Q(item__story__in=stories) | Q(item__finding__in=findings)
    shown = EditionItem.objects.filter(of, item__team=team, edition__number=F("edition__playback__edition"))
    total = Count("item__responses", filter=Q(item__responses__superseded_at=None))
    shown = shown.select_related("edition__playback__team", "item__outcome").annotate(total=total)
    shown = list(shown.order_by("-edition__shared_at", "position"))
    said = defaultdict(list)
    few = Response.objects.filter(item__in=[one.item_id for one in shown]).few_of_each()
    for response in few.select_related("reviewer__user"):
        said[response.item_id].append(response)
    return [PlayedBack(one, said[one.item_id], one.total, getattr(one.item, "outcome", None)) for one in shown]
