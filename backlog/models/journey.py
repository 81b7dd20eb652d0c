from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Prefetch, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.text import slugify

from teams.models import Change, Service, Team, Versioned, archive

from .opportunity_rows import UNPLACED
from .states import State

MOST_STAGES = 20  # more than anybody can read across a page, and far below UNPLACED
MOST_TOUCHPOINTS = 50  # of one stage
TAKEN = {"add"}  # addresses beside a journey's own


class Channel(models.TextChoices):
    ONLINE = "online", "Online"
    PHONE = "phone", "Phone"
    FACE_TO_FACE = "face_to_face", "Face to face"
    PAPER = "paper", "Paper"


class JourneyQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.exclude(archived_at=None)

    def with_counts(self):
        """Each with how many stages it has and how many opportunities stand on it."""
        on_it = ~Q(stages__opportunities=None) & ~Q(stages__opportunities__state=State.MERGED)
        return self.annotate(
            stage_count=Count("stages", distinct=True),
            opportunity_count=Count("stages__opportunities", filter=on_it, distinct=True),
        )

    def with_map(self):
        """Stages, touchpoints and the names of their services: two more queries however long the journey.

        Each stage knows its `total` of opportunities, and how many `people` met them, each counted by itself.
        """
        services = Service.objects.filter(touchpoints=OuterRef("pk")).values("name")
        touchpoints = Touchpoint.objects.annotate(service_names=ArraySubquery(services))
        on_it = ~Q(opportunities__state=State.MERGED)
        stages = Stage.objects.annotate(
            total=Count("opportunities", filter=on_it),
            people=Coalesce(Sum("opportunities__evidence", filter=on_it), 0),
        )
        return self.prefetch_related(Prefetch("stages", stages.prefetch_related(Prefetch("touchpoints", touchpoints))))

    @transaction.atomic
    def add(self, team, *, name, by, kind=None, slug=None):
        """A journey without stages; its address comes from its name."""
        slug = slug or self._free_slug(team, slugify(name)[:90] or "journey")
        journey = self.create(team=team, name=name, kind=kind or Journey.Kind.AS_IS, slug=slug)
        journey.record(f"added the journey {name}", by=by)
        return journey

    def _free_slug(self, team, wanted):
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two journeys of one name, added at once
        taken = TAKEN | set(Journey.objects.filter(team=team, slug__startswith=wanted).values_list("slug", flat=True))
        others = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in [wanted, *others] if slug not in taken)


class Journey(Versioned):
    """A user's whole problem over time, as it is or as it should be."""

    class Kind(models.TextChoices):
        AS_IS = "as_is", "As it is"
        TO_BE = "to_be", "As it should be"

    team = models.ForeignKey(Team, models.PROTECT, related_name="journeys")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.AS_IS)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="journey_slug_is_unique_in_team")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("backlog:journey", args=[self.team.slug, self.slug])

    @transaction.atomic
    def edit(self, *, by, name, kind):
        was, self.name, self.kind = self.name, name, kind
        self.save_changes("name", "kind")
        self.record("edited the journey" if was == name else f"renamed the journey from “{was}”", by=by)

    @transaction.atomic
    def archive(self, *, by):
        """Taken out of the lists. Its opportunities keep their stage."""
        archive.archive(self)
        self.record("archived the journey", by=by)

    @transaction.atomic
    def restore(self, *, by):
        archive.restore(self)
        self.record("restored the journey", by=by)

    @transaction.atomic
    def add_stage(self, name, *, by):
        """At the end."""
        stages = self._held_stages()
        if len(stages) >= MOST_STAGES:
            raise ValidationError(f"A journey has at most {MOST_STAGES} stages. Split it into two journeys")
        stage = self.stages.create(name=name, position=len(stages) + 1)
        self.record(f"added stage {stage.position}, {name}", by=by)
        return stage

    @transaction.atomic
    def move_stage(self, stage, position, *, by):
        """Put a stage at a place counted from 1; places beyond either end mean that end."""
        stages = self._held_stages()
        one = _still_there(stage, stages)
        stages.remove(one)
        stages.insert(min(max(position, 1), len(stages) + 1) - 1, one)
        self._number(stages)
        stage.position = one.position
        self.record(f"moved the stage {stage} to place {stage.position}", by=by)

    @transaction.atomic
    def remove_stage(self, stage, *, by):
        """Its touchpoints go with it; its opportunities stay in the backlog without a stage. Returns how many."""
        stages = self._held_stages()
        stages.remove(_still_there(stage, stages))
        left = list(stage.opportunities.select_related("team"))
        stage.opportunities.update(stage=None, stage_position=UNPLACED, version=F("version") + 1)
        stage.delete()
        self._number(stages)
        for opportunity in left:
            opportunity.record(f"lost its stage, {stage}: the stage was removed from the journey", by=by)
        self.record(f"removed the stage {stage}", by=by)
        return len(left)

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.get_absolute_url())

    def _held_stages(self):
        """In order, with the journey held, so that two people moving at once leave no gap and no double place."""
        Journey.objects.select_for_update(no_key=True).get(pk=self.pk)
        return list(Stage.objects.filter(journey=self))

    def _number(self, stages):
        """Give each stage its place, and tell its opportunities, which sort by it."""
        from .opportunity import Opportunity  # an opportunity points at its stage

        moved = [(place, stage) for place, stage in enumerate(stages, 1) if stage.position != place]
        for place, stage in moved:
            stage.position = place
        Stage.objects.bulk_update([stage for _, stage in moved], ["position"])
        place = Stage.objects.filter(pk=OuterRef("stage_id")).values("position")
        Opportunity.objects.filter(stage__in=[stage.pk for _, stage in moved]).update(stage_position=Subquery(place))


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
        others.remove(_still_there(touchpoint, others))
        others.insert(min(max(position, 1), len(others) + 1) - 1, touchpoint)
        self._number(others)
        self.journey.record(f"moved the touchpoint {touchpoint} to place {touchpoint.position} of {self}", by=by)

    @transaction.atomic
    def remove_touchpoint(self, touchpoint, *, by):
        rest = self._held_touchpoints()
        rest.remove(_still_there(touchpoint, rest))
        touchpoint.delete()
        self._number(rest)
        self.journey.record(f"removed the touchpoint {touchpoint} from {self}", by=by)

    def _held_touchpoints(self):
        _still_there(self, Stage.objects.select_for_update(no_key=True).filter(pk=self.pk))
        return list(Touchpoint.objects.filter(stage=self))

    def _number(self, touchpoints):
        for place, touchpoint in enumerate(touchpoints, 1):
            touchpoint.position = place
        Touchpoint.objects.bulk_update(touchpoints, ["position"])


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


def _still_there(thing, rows):
    """The row of `thing` among those just read; somebody else may have removed it since the page was opened."""
    row = next((row for row in rows if row.pk == thing.pk), None)
    if row is None:
        raise ValidationError(f"Somebody removed {thing} meanwhile. Nothing was changed")
    return row
