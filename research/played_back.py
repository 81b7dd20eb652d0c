"""The end of the golden thread: what was played back, what was said of it, and what became of it."""

from dataclasses import dataclass

from django.db.models import F, Prefetch, Q

from research.models import EditionItem, Outcome, Response


@dataclass
class PlayedBack:
    """One item as the newest edition says it."""

    item: EditionItem
    responses: list
    outcome: Outcome | None

    @property
    def playback(self):
        return self.item.edition.playback

    @property
    def address(self):
        return f"{self.playback.get_absolute_url()}#item-{self.item.item_id}"


def played_back(team, *, opportunities=(), stories=(), findings=()) -> list:
    """Where these were played back by their team, the latest first; as many statements for many as for one."""
    of = Q(item__opportunity__in=opportunities) | Q(item__story__in=stories) | Q(item__finding__in=findings)
    said = Prefetch("item__responses", Response.objects.current().select_related("reviewer__user"), to_attr="current")
    shown = EditionItem.objects.filter(of, item__team=team, edition__number=F("edition__playback__edition"))
    shown = shown.select_related("edition__playback__team", "item__outcome").prefetch_related(said)
    return [
        PlayedBack(one, one.item.current, getattr(one.item, "outcome", None))
        for one in shown.order_by("-edition__shared_at", "position")
    ]
