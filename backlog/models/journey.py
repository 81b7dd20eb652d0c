from django.db import models
from django.db.models import Q

from teams.models import Service, Team, Versioned


class Channel(models.TextChoices):
    ONLINE = "online", "Online"
    PHONE = "phone", "Phone"
    FACE_TO_FACE = "face_to_face", "Face to face"
    PAPER = "paper", "Paper"


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

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["team", "slug"], name="journey_slug_is_unique_in_team")]

    def __str__(self):
        return self.name


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
