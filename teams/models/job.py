from django.db import models
from django.utils import timezone

from .team import Team
from .user import User


class Job(models.Model):
    """Long work with progress. The row says what is to be done; a Celery message only says "look"."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="jobs")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="jobs")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    work = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    beat_at = models.DateTimeField(null=True)  # a running job whose beat is old lost its worker
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="job_to_do",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]
