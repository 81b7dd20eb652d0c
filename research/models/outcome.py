from django.db import models
from django.db.models import Q
from django.utils import timezone

from backlog.models import Opportunity, Story
from teams.models import User

from .playback_item import PlaybackItem
from .playback_states import Result


class Outcome(models.Model):
    """What became of an item when its playback closed: "you said, we did"."""

    item = models.OneToOneField(PlaybackItem, models.PROTECT, related_name="outcome")
    result = models.CharField(max_length=12, choices=Result)
    words = models.CharField("what we do", max_length=500, blank=True)
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, related_name="+")
    story = models.ForeignKey(Story, models.PROTECT, null=True, related_name="+")
    taken_up_as = models.CharField(max_length=200, blank=True)  # its title on that day; its state is today's
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="outcome_is_known", condition=Q(result__in=Result.values)),
            models.CheckConstraint(
                name="what_is_not_agreed_says_why", condition=Q(result=Result.AGREED) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="an_item_is_taken_up_as_one_thing", condition=Q(opportunity=None) | Q(story=None)
            ),
        ]

    def __str__(self):
        return self.get_result_display()

    @property
    def thing(self):
        return self.opportunity or self.story

    def settle(self, *, by):
        """Write it down for its item."""
        self.by = by
        self.taken_up_as = self.thing.title if self.thing else ""
        self.save()
