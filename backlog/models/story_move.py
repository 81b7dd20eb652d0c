from django.db import models
from django.utils import timezone

from teams.models import Team, User

from .story import Story
from .story_states import POINTS, StoryState


class StoryMoveQuerySet(models.QuerySet):
    def since(self, moment):
        return self.filter(at__gte=moment)

    def of_person(self, team, person):
        """Steps that somebody took in one team, without the stories they only added."""
        return self.filter(team=team, by=person).exclude(from_state="")

    def about_sign_off(self):
        """When a story came to be signed off, and what was said to it; newest first."""
        decided = self.filter(from_state=StoryState.SIGN_OFF) | self.filter(to_state=StoryState.SIGN_OFF)
        return decided.order_by("-at", "-pk")

    def decisions(self):
        """What was accepted and what was returned; newest first."""
        return self.filter(
            from_state=StoryState.SIGN_OFF, to_state__in=[StoryState.DONE, StoryState.IN_PROGRESS]
        ).order_by("-at", "-pk")


class StoryMove(models.Model):
    """One step of a story from state to state, its first into the backlog included. Only ever added.

    Cumulative flow, cycle time and a sprint's figures are counted from these rows, so an undo is a step as well.
    """

    story = models.ForeignKey(Story, models.CASCADE, related_name="moves")
    team = models.ForeignKey(Team, models.PROTECT, related_name="story_moves")
    from_state = models.CharField(max_length=20, choices=StoryState, blank=True)  # nothing: it was added
    to_state = models.CharField(max_length=20, choices=StoryState)
    points = models.PositiveSmallIntegerField(null=True, choices=[(n, str(n)) for n in POINTS])  # at that time
    comment = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now)

    objects = StoryMoveQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["story", "at"], name="moves_of_a_story"),
            models.Index(fields=["team", "at"], name="story_moves_in_a_team"),
            models.Index(fields=["by", "at"], name="story_moves_by_a_person"),
        ]

    def __str__(self):
        return f"{self.by_name}: {self.get_from_state_display()} to {self.get_to_state_display()}"

    @property
    def was_returned(self):
        """What came to be signed off was sent back to be worked on."""
        return (self.from_state, self.to_state) == (StoryState.SIGN_OFF, StoryState.IN_PROGRESS)
