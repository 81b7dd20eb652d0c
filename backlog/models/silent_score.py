from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from backlog import scoring
from teams.models import User

from .review_item import ReviewItem


class SilentScore(models.Model):
    """What one person thinks before figures are shown. A service lead proposes a value only."""

    item = models.ForeignKey(ReviewItem, models.CASCADE, related_name="silent_scores")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    value = models.PositiveSmallIntegerField(null=True, blank=True, choices=scoring.VALUES)
    size = models.PositiveSmallIntegerField(null=True, blank=True, choices=scoring.SIZES)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = [F("value").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item", "user"], name="one_silent_score_a_person"),
            models.CheckConstraint(name="silent_value_on_the_scale", condition=Q(value__in=[*scoring.VALUES])),
            models.CheckConstraint(name="silent_size_on_the_scale", condition=Q(size__in=[*scoring.SIZES])),
        ]
