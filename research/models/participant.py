from django.contrib.postgres.fields import ArrayField
from django.db import models

from backlog.models import AccessNeed

from .round import Round


class AgeBand(models.TextChoices):
    UNDER_25 = "under_25", "Under 25"
    FROM_25 = "25_44", "25 to 44"
    FROM_45 = "45_64", "45 to 64"
    FROM_65 = "65_79", "65 to 79"
    FROM_80 = "80", "80 or over"


class Participant(models.Model):
    """Somebody in a round, known here by a code only. What is said of them is for the researcher's eyes; others see
    how many of a kind there were. The row is deleted with their data."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="participants")
    code = models.CharField(max_length=6)
    user_group = models.CharField(max_length=80, blank=True)
    access_needs = ArrayField(models.CharField(max_length=20, choices=AccessNeed), default=list, blank=True)
    assisted_digital = models.BooleanField("needs help to get online", default=False)
    age_band = models.CharField("age", max_length=10, choices=AgeBand, blank=True)

    ABOUT = ["user_group", "access_needs", "assisted_digital", "age_band"]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "code"], name="code_is_unique_in_round")]

    def __str__(self):
        return self.code

    @property
    def access_need_labels(self) -> list[str]:
        return [AccessNeed(need).label for need in self.access_needs]
