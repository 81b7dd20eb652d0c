from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from teams.models import Service, Versioned

from .journey import Journey, still_there
from .states import State

MOST_TOUCHPOINTS = 50  # of one stage


class Channel(models.TextChoices):
    ONLINE = "online", "Online"
    PHONE = "phone", "Phone"
    FACE_TO_FACE = "face_to_face", "Face to face"
    PAPER = "paper", "Paper"


class Stage(Versioned):
    """One step of a journey."""

    journey = models.ForeignKey(Journey, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "position"],
                name="stage_position_is_unique_in_journey",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="stage_positions_start_at_one", condition=Q(position__gte=1)),
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def edit(self, *, by, name):
        was, self.name = self.name, name
        self.save_changes("name")
        self.journey.record(f"renamed the stage {was} to {name}", by=by)

    @transaction.atomic
    def add_touchpoint(self, name, *, by, channel="", services=()):
        """At the end of the stage."""
        touchpoints = self._held_touchpoints()
        if len(touchpoints) >= MOST_TOUCHPOINTS:
            raise ValidationError(f"A stage has at most {MOST_TOUCHPOINTS} touchpoints. Split it into two stages")
        touchpoint = self.touchpoints.create(name=name, channel=channel, position=len(touchpoints) + 1)
        touchpoint.services.set(services)
        self.journey.record(f"added the touchpoint {name} to {self}", by=by)
        return touchpoint

    @transaction.atomic
    def move_touchpoint(self, touchpoint, position, *, by):
        """Put a touchpoint at a place counted from 1 within its stage."""
        others = self._held_touchpoints()
        others.remove(still_there(touchpoint, others))
        others.insert(min(max(position, 1), len(others) + 1) - 1, touchpoint)
        self._number(others)
        self.journey.record(f"moved the touchpoint {touchpoint} to place {touchpoint.position} of {self}", by=by)

    @transaction.atomic
    def remove_touchpoint(self, touchpoint, *, by):
        rest = self._held_touchpoints()
        rest.remove(still_there(touchpoint, rest))
        touchpoint.delete()
        self._number(rest)
        self.journey.record(f"removed the touchpoint {touchpoint} from {self}", by=by)

    def _held_touchpoints(self):
        still_there(self, Stage.objects.select_for_update(no_key=True).filter(pk=self.pk))
        return list(self.touchpoints.all())

    def _number(self, touchpoints):
        for place, touchpoint in enumerate(touchpoints, 1):
            touchpoint.position = place
        self.touchpoints.bulk_update(touchpoints, ["position"])


class Touchpoint(Versioned):
    """One contact with a service at a stage, by some channel."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="touchpoints")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=100)
    channel = models.CharField(max_length=20, choices=Channel, blank=True)
    services = models.ManyToManyField(Service, blank=True, related_name="touchpoints")

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @transaction.atomic
    def edit(self, *, by, name, channel, services):
        self.name, self.channel = name, channel
        self.save_changes("name", "channel")
        self.services.set(services)
        self.stage.journey.record(f"edited the touchpoint {name} of {self.stage}", by=by)


def with_map(journeys):
    """Their stages, touchpoints and the names of their services: two more queries however long a journey.

    Each stage knows its `total` of opportunities, and how many `people` met them, each counted by itself.
    """
    services = Service.objects.filter(touchpoints=OuterRef("pk")).values("name")
    touchpoints = Touchpoint.objects.annotate(service_names=ArraySubquery(services))
    stages = Stage.objects.annotate(total=_at_it(Count("*")), people=_at_it(Sum("evidence")))
    return journeys.prefetch_related(Prefetch("stages", stages.prefetch_related(Prefetch("touchpoints", touchpoints))))


def _at_it(figure):
    """Of what stands at a stage, from its index: joined, the map of one team would read the opportunities of all."""
    shown = Stage.opportunities.rel.related_model.objects.exclude(state=State.MERGED).filter(stage=OuterRef("pk"))
    return Coalesce(Subquery(shown.order_by().values("stage").annotate(figure=figure).values("figure")), 0)
