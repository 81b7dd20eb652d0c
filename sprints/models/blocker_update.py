from django.db import models
from django.utils import timezone

from teams.models import User

from .blocker import Blocker


class BlockerUpdate(models.Model):
    """What somebody says about a blocker while it is being worked on."""

    blocker = models.ForeignKey(Blocker, models.CASCADE, related_name="updates")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    author_name = models.CharField(max_length=100)  # as it was: a leaver's name stays
    text = models.TextField(max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["blocker", "at"], name="updates_of_a_blocker")]

    def __str__(self):
        return self.text[:60]

    def get_absolute_url(self):
        return f"{self.blocker.get_absolute_url()}#update-{self.pk}"
