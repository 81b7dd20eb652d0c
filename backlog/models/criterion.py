from django.db import models

from .story import Story


class Criterion(models.Model):
    """One line of "It's done when…", with its tick."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint(
                fields=["story", "position"], name="criterion_position_is_unique", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self):
        return self.text
