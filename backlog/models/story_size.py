from django.db import models
from django.db.models import CharField, Value
from django.utils import timezone

from teams.models import User

from .story import Story
from .story_states import POINTS


class StorySizeQuerySet(models.QuerySet):
    def as_moves(self):
        """In the shape of a move without a state, so that one statement can ask for both."""
        nothing = Value("", output_field=CharField())
        return self.values_list("at", "story_id", nothing, "points", "by_name", nothing)


class StorySize(models.Model):
    """A story was given another size. Only ever added: a sprint's figures are counted from these rows too."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="sizes")
    points = models.PositiveSmallIntegerField(null=True, choices=[(n, str(n)) for n in POINTS])
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    objects = StorySizeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["story", "at"], name="sizes_of_a_story")]

    def __str__(self):
        return f"{self.by_name}: {self.points or '?'}"
