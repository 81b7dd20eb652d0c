from django.db import models
from django.db.models import F, Q

from .user import User


class Absence(models.Model):
    """Whole days on which a person is away, in every team they are in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    starts_on = models.DateField("first day away")
    ends_on = models.DateField("last day away")

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on")))
        ]
