from django.db import models, transaction
from django.utils import timezone

from teams.models import Change, User

from .sprint import Sprint


class Track(models.TextChoices):
    ON = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF = "off_track", "Off track"


class GoalCheckQuerySet(models.QuerySet):
    def last_until(self, day):
        """What was said on that day, or else the last time before."""
        return self.filter(day__lte=day).select_related("said_by").last()

    @transaction.atomic
    def say(self, sprint, day, track, *, by):
        """How the sprint goal stands on a working day. Who says it later that day is right."""
        check, _ = self.update_or_create(
            sprint=sprint, day=day, defaults={"track": track, "said_by": by, "said_at": timezone.now()}
        )
        words = f"said that the sprint goal is {Track(track).label.lower()}"
        Change.objects.record(check, words, by=by, team=sprint.team, label=str(sprint), url=sprint.get_absolute_url())
        return check


class GoalCheck(models.Model):
    """What a team thinks of its sprint goal on one day."""

    sprint = models.ForeignKey(Sprint, models.CASCADE, related_name="goal_checks")
    day = models.DateField()
    track = models.CharField(max_length=10, choices=Track)
    said_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    objects = GoalCheckQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["sprint", "day"], name="one_goal_check_a_day"),
            models.CheckConstraint(name="goal_check_is_one_of_three", condition=models.Q(track__in=Track.values)),
        ]

    def __str__(self):
        return f"{self.get_track_display()}, {self.day.day} {self.day:%B %Y}"
