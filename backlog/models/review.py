import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Team, User, Versioned

from .review_rows import ReviewSessionQuerySet

LONGEST_TALK = dt.timedelta(hours=1)  # after an hour without a decision the room has gone home: stop counting


class ReviewSession(Versioned):
    """A product owner's pass through opportunities with the people who know them: "24 of 52 reviewed".

    Every verb holds the session's row, so what a room does happens one after another. `version` counts what happened:
    those who follow on their own screens ask for it.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Running"
        PAUSED = "paused", "Paused"
        FINISHED = "finished", "Finished"

    team = models.ForeignKey(Team, models.PROTECT, related_name="reviews")  # in whose pages it stands
    teams = models.ManyToManyField(Team, related_name="+")  # whose opportunities it holds
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

    objects = ReviewSessionQuerySet.as_manager()

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

    def get_absolute_url(self):
        return reverse("backlog:review", args=[self.team.slug, self.pk])

    # --- What it is

    @property
    def is_running(self):
        return self.state == self.State.RUNNING

    @property
    def is_finished(self):
        return self.state == self.State.FINISHED

    @property
    def minutes_used(self) -> int:
        return self._seconds_used() // 60

    @property
    def time_used(self) -> str:
        """ "less than a minute", "1 minute", "61 minutes"."""
        minutes = self.minutes_used
        return f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes else "less than a minute"

    def here(self):
        """The item the room is at, or None when nothing is left. What was decided elsewhere meanwhile is passed by."""
        at = self.items.for_page().left().filter(pk=self.current_id).first()
        return at or self.next_item(after=self.current.position if self.current else 0)

    def next_item(self, after):
        """The next in journey order, then what lies before, then what was skipped, longest ago first."""
        left = self.items.for_page().left()
        fresh = left.filter(skipped_at=None).order_by("position")
        skipped = left.exclude(skipped_at=None).order_by("skipped_at", "position")
        return fresh.filter(position__gt=after).first() or fresh.first() or skipped.first()

    # --- What people do with it

    @transaction.atomic
    def start(self, *, by):
        """Begin, or go on after a pause, at the exact place."""
        self.hold_open()
        if not self.is_running:
            words = "started" if self.state == self.State.PLANNED else "resumed"
            self.step(words, by=by, state=self.State.RUNNING, resumed_at=timezone.now(), current=self.here())

    @transaction.atomic
    def pause(self, *, by):
        """Stop here, for everyone."""
        self.hold()
        if self.is_running:
            self.step(
                "paused", by=by, state=self.State.PAUSED, seconds=self._seconds_used(), resumed_at=None,
                current=self.here(),
            )  # fmt: skip

    @transaction.atomic
    def finish(self, *, by):
        """Close it. What is left stays ready to review; decisions that were undone since no longer count."""
        self.hold()
        if self.is_finished:
            return
        undone = self.items.left().exclude(outcome="")
        undone.update(outcome="", reviewed_at=None, reviewed_by=None, before=None, decided=None)
        self.step(
            "finished", by=by, state=self.State.FINISHED, seconds=self._seconds_used(), resumed_at=None, current=None,
            finished_at=timezone.now(),
        )  # fmt: skip

    def skip(self, *, by):
        """Leave the current item for the end. It does not count as reviewed."""
        item = self.here()
        if item:
            item.skip(by=by)

    # --- How it is written

    def hold(self):
        """Read it again and keep it until the transaction ends."""
        fields = ["state", "current", "seconds", "resumed_at", "finished_at", "version"]
        self.refresh_from_db(fields=fields, from_queryset=ReviewSession.objects.select_for_update(no_key=True))

    def hold_open(self):
        self.hold()
        if self.is_finished:
            raise ValidationError("This review is finished. Prepare a new one to go on")

    def hold_running(self):
        self.hold_open()
        if not self.is_running:
            raise ValidationError(f"This review is {self.get_state_display().lower()}. Resume it to record decisions")

    def step(self, words, *, by, **fields):
        """One thing that happened, with the time it took. Call it on a held session."""
        if self.is_running and "resumed_at" not in fields:
            fields |= {"seconds": self._seconds_used(), "resumed_at": timezone.now()}
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        self.record(words, by=by)

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.get_absolute_url())

    def _seconds_used(self):
        if not self.resumed_at:
            return self.seconds
        return self.seconds + int(min(timezone.now() - self.resumed_at, LONGEST_TALK).total_seconds())
