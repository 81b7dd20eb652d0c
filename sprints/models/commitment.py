from django.db import models
from django.db.models import Min, Q
from django.utils import timezone

from backlog.models import Story
from teams.models import Team, User

from .sprint import Sprint


class CommitmentQuerySet(models.QuerySet):
    def held(self):
        """What stands in a sprint now."""
        return self.filter(held=True)

    def in_place(self):
        return self.order_by("rank")

    def with_stories(self):
        """Its stories too, in their places."""
        return self.in_place().select_related("story")

    def for_walk(self):
        """What is said of a story at the stand-up."""
        return self.held().select_related("story__assignee")

    def sealed(self):
        """What the sprint committed to when it started."""
        return self.filter(sealed=True).order_by("pk")

    def first_days_by_opportunity(self, opportunities) -> dict:
        """The day on which the first sprint begins that holds a story of it, by opportunity."""
        held = self.held().filter(story__opportunity__in=opportunities).order_by()
        return dict(held.values_list("story__opportunity").annotate(day=Min("sprint__starts_on")))

    def at_the_end(self):
        """What stood in it when it was closed."""
        return self.exclude(closed_state="").order_by("pk")


class Commitment(models.Model):
    """A story in a sprint: what was sealed at the start, where it stands on the board, what it was at the end."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="+")  # of both, so that they are of one
    sprint = models.ForeignKey(Sprint, models.PROTECT, related_name="commitments")
    story = models.ForeignKey(Story, models.PROTECT, related_name="commitments")
    held = models.BooleanField(default=True)  # it stands in this sprint now
    rank = models.TextField(db_collation="C")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    # Words and figures as they were, whatever becomes of the story
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=150)
    points = models.PositiveSmallIntegerField()  # when it came in
    sealed = models.BooleanField(default=False)  # it was in the sprint when that started
    closed_state = models.CharField(max_length=20, blank=True)
    closed_points = models.PositiveSmallIntegerField(null=True)
    destination = models.CharField(max_length=20, blank=True)  # of what was not done at the end

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sprint", "story"], name="a_story_is_in_a_sprint_once"),
            models.UniqueConstraint(fields=["story"], condition=Q(held=True), name="a_story_is_in_one_open_sprint"),
            models.UniqueConstraint(
                fields=["sprint", "rank"],
                condition=Q(held=True),
                name="no_two_cards_have_one_place",
            ),
            models.CheckConstraint(
                name="what_was_there_at_the_end_is_kept_whole",
                condition=Q(closed_state="", closed_points=None)
                | (~Q(closed_state="") & Q(held=False, closed_points__isnull=False)),
            ),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"


class ScopeChange(models.Model):
    """A story that came or went after the start: who, why and how many points. Only ever added."""

    class Kind(models.TextChoices):
        ADDED = "added", "Added"
        REMOVED = "removed", "Taken out"

    sprint = models.ForeignKey(Sprint, models.PROTECT, related_name="scope_changes")
    story = models.ForeignKey(Story, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    points = models.PositiveSmallIntegerField()
    why = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(name="scope_change_says_why", condition=~Q(why=""))]

    def __str__(self):
        return f"{self.get_kind_display()} {self.story}"
