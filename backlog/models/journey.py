from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.text import slugify

from teams.models import Change, Team, Versioned, archive

from .states import State

UNPLACED = 999  # where an opportunity without a stage sorts: after every stage
MOST_STAGES = 20  # more than anybody can read across a page, and far below UNPLACED
TAKEN = {"add"}  # addresses beside a journey's own


class JourneyQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.exclude(archived_at=None)

    def with_counts(self):
        """Each with how many stages it has and how many opportunities stand on it."""
        on_it = ~Q(stages__opportunities=None) & ~Q(stages__opportunities__state=State.MERGED)
        return self.order_by("pk").annotate(
            stage_count=Count("stages", distinct=True),
            opportunity_count=Count("stages__opportunities", filter=on_it, distinct=True),
        )

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
        one = still_there(stage, stages)
        stages.remove(one)
        stages.insert(min(max(position, 1), len(stages) + 1) - 1, one)
        self._number(stages)
        stage.position = one.position
        self.record(f"moved the stage {stage} to place {stage.position}", by=by)

    @transaction.atomic
    def remove_stage(self, stage, *, by):
        """Its touchpoints go with it; its opportunities stay in the backlog without a stage. Returns how many."""
        stages = self._held_stages()
        stages.remove(still_there(stage, stages))
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
        return list(self.stages.all())

    def _number(self, stages):
        """Give each stage its place, and tell its opportunities, which sort by it."""
        from .opportunity import Opportunity  # an opportunity points at its stage

        moved = [(place, stage) for place, stage in enumerate(stages, 1) if stage.position != place]
        for place, stage in moved:
            stage.position = place
        self.stages.bulk_update([stage for _, stage in moved], ["position"])
        place = self.stages.filter(pk=OuterRef("stage_id")).values("position")
        Opportunity.objects.filter(stage__in=[stage.pk for _, stage in moved]).update(stage_position=Subquery(place))


def still_there(thing, rows):
    """The row of `thing` among those just read; somebody else may have removed it since the page was opened."""
    row = next((row for row in rows if row.pk == thing.pk), None)
    if row is None:
        raise ValidationError(f"Somebody removed {thing} meanwhile. Nothing was changed")
    return row
