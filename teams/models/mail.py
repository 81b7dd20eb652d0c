from django.db import models
from django.db.models import Q
from django.utils import timezone

from .user import User


class OutgoingMail(models.Model):
    """One letter to one person. How it is claimed, fenced and sent is in teams/mail.py (security.md §3)."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "Claimed"
        DATA = "data", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        CANCELLED = "cancelled", "Cancelled"

    kind = models.CharField(max_length=40)  # "invitation", "password reset", …
    to = models.EmailField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="letters")
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    secret = models.BooleanField(default=False)  # carries a token: emptied once sent, or after an hour
    dedupe = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - null means "may repeat"
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["claimed_at"], name="mail_in_hand", condition=Q(state__in=["claimed", "data"])),
            models.Index(fields=["state", "-made_at"], name="mail_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_in_hand_says_whose",
                condition=~Q(state__in=["claimed", "data"]) | Q(claim__isnull=False, claimed_at__isnull=False),
            )
        ]
