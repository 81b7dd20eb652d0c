from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from backlog import scoring
from teams.models import Team, User, Versioned

from .opportunity import Opportunity
from .states import OUTCOMES


class ReviewSession(Versioned):
    """A product owner's pass through opportunities with the people who know them: "24 of 52 reviewed"."""

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        FINISHED = "finished", "Finished"

    team = models.ForeignKey(Team, models.PROTECT, related_name="reviews")
    name = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    minutes = models.PositiveSmallIntegerField("time box in minutes", null=True, blank=True)
    attendees = models.ManyToManyField(User, blank=True, related_name="invited_reviews")
    current = models.ForeignKey("ReviewItem", models.SET_NULL, null=True, related_name="+")
    seconds = models.PositiveIntegerField(default=0)  # spent before `resumed_at`
    resumed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_running_review_knows_since_when",
                condition=Q(state="running", resumed_at__isnull=False) | (~Q(state="running") & Q(resumed_at=None)),
            ),
            models.CheckConstraint(
                name="a_finished_review_says_when",
                condition=Q(state="finished", finished_at__isnull=False) | (~Q(state="finished") & Q(finished_at=None)),
            ),
        ]

    def __str__(self):
        return self.name


class ReviewItem(models.Model):
    """One opportunity of a session's frozen scope."""

    session = models.ForeignKey(ReviewSession, models.CASCADE, related_name="items")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="review_items")
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=[(one.value, one.label) for one in OUTCOMES], blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    skipped_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)  # silent scores are shown to everyone from here on

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "opportunity"], name="an_opportunity_once_a_session"),
            models.UniqueConstraint(fields=["session", "position"], name="review_position_is_unique"),
            models.CheckConstraint(
                name="an_outcome_says_who_and_when",
                condition=Q(outcome="", reviewed_at=None, reviewed_by=None)
                | (~Q(outcome="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
            ),
        ]


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
