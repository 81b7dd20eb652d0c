from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backlog import scoring
from backlog.models import Order
from teams.models import User

from .playback import Playback
from .playback_item import PlaybackItem
from .playback_states import Part

COMPARED = {
    "headline": "the headline",
    "words": "the words",
    "value": "the value",
    "size": "the size",
    "themes": "the themes",
    "heard": "how many people it was heard from",
    "stage": "the stage of the journey",
    "kind": "what kind of thing it is",
    "iteration": "the iteration",
    "link": "the link",
}
TEXTS = {
    "title": "the title",
    "goal": "the goal",
    "did": "what we did",
    "next_steps": "what happens next",
    "reply_by": "the day to reply by",
}


class EditionQuerySet(models.QuerySet):
    @transaction.atomic
    def freeze(self, playback, *, by):
        """Write down the draft as it is now. From here on nothing that is edited elsewhere shows in it."""
        edition = self.create(
            playback=playback, number=playback.edition, shared_by=by, shared_by_name=by.name, **playback.words()
        )
        EditionItem.objects.bulk_create(drafted(playback, edition))
        return edition


class Edition(models.Model):
    """One numbered, frozen version of a playback. The database itself refuses to change it."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=100)
    goal = models.CharField(max_length=300)
    did = models.TextField(max_length=3000, blank=True)
    next_steps = models.TextField(max_length=3000, blank=True)
    reply_by = models.DateField()
    shared_at = models.DateTimeField(default=timezone.now)
    shared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    shared_by_name = models.CharField(max_length=100)

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["playback", "number"], name="editions_are_numbered_once"),
            models.CheckConstraint(name="editions_are_counted_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"Edition {self.number} of {self.title}"

    def get_absolute_url(self):
        return reverse("playbacks:edition", args=[self.playback.team.slug, self.playback_id, self.number])

    def is_unlike(self, playback) -> bool:
        """Whether the draft says something else."""
        mine = [(one.item_id, one.said()) for one in self.items.all()]
        theirs = [(one.item_id, one.said()) for one in drafted(playback, self, ranked=False)]
        return bool(self.texts_unlike(playback) or mine != theirs)

    def texts_unlike(self, other) -> list:
        """(what, as it was here, as it is there) of the words around the items; `other` is an edition or a playback."""
        return [
            (words, getattr(self, name), getattr(other, name))
            for name, words in TEXTS.items()
            if getattr(self, name) != getattr(other, name)
        ]

    def changes_since(self, earlier) -> dict:
        """What differs from an earlier edition: words around the items, new ones, changed ones, those taken out."""
        then = {one.item_id: one for one in earlier.items.all()}
        now = {one.item_id: one for one in self.items.all()}
        both = [(one, then[key].unlike(one)) for key, one in now.items() if key in then]
        return {
            "texts": earlier.texts_unlike(self),
            "new": [one for key, one in now.items() if key not in then],
            "changed": [(one, differences) for one, differences in both if differences],
            "gone": [one for key, one in then.items() if key not in now],
        }


class EditionItem(models.Model):
    """An item as it was when it was shared, in words of its own: no join reaches what it came from."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    item = models.ForeignKey(PlaybackItem, models.PROTECT, related_name="frozen")
    position = models.PositiveSmallIntegerField()
    part = models.PositiveSmallIntegerField(choices=Part)
    reference = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, blank=True)  # of what was learned, such as "Pain point"
    headline = models.CharField(max_length=200)
    words = models.TextField(max_length=2000, blank=True)
    value = models.PositiveSmallIntegerField(null=True)
    size = models.PositiveSmallIntegerField(null=True)
    ranked = models.PositiveIntegerField(null=True)  # its place in the programme backlog on that day
    themes = ArrayField(models.CharField(max_length=100), default=list)
    stage = models.CharField(max_length=100, blank=True)  # of the journey
    heard = models.CharField(max_length=60, blank=True)
    iteration = models.PositiveSmallIntegerField(null=True)
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "item"], name="an_edition_holds_an_item_once"),
            models.UniqueConstraint(fields=["edition", "position"], name="items_of_an_edition_have_places"),
        ]

    def __str__(self):
        return self.headline

    @property
    def quadrant(self):
        return scoring.quadrant(self.value, self.size)

    def said(self) -> dict:
        """What a reader can tell two versions apart by. Its place in the backlog moves with others, so is no change."""
        return {name: getattr(self, name) for name in COMPARED}

    def unlike(self, later) -> list:
        """(what, as it is here, as it is there)"""
        return [
            (words, shown(name, getattr(self, name)), shown(name, getattr(later, name)))
            for name, words in COMPARED.items()
            if getattr(self, name) != getattr(later, name)
        ]


def shown(name, value) -> str:
    if name == "themes":
        return ", ".join(value)
    return scoring.SIZES.get(value, "") if name == "size" else "" if value is None else str(value)


def drafted(playback, edition, *, ranked=True) -> list:
    """The items as the next edition would say them; not saved. Their places in the backlog take a list to find out."""
    items = list(playback.current_items().with_sources())
    ranked = ranked and any(one.opportunity_id for one in items)
    places = places_in_backlog(playback.team.programme_id) if ranked else {}
    return [
        EditionItem(
            edition=edition,
            item=item,
            position=position,
            ranked=places.get(item.opportunity_id) if item.part == Part.OPPORTUNITY else None,
            **item.as_it_is(),
        )
        for position, item in enumerate(items, 1)
    ]


def places_in_backlog(programme_id) -> dict:
    """By opportunity: its place, as far as anybody counts."""
    first = Order(programme_id=programme_id).items().order_by("rank").values_list("pk", flat=True)[:1000]
    return {pk: place for place, pk in enumerate(first, 1)}
