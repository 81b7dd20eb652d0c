from django.db import models
from django.utils import timezone

from teams.models import User

from .playback import Playback


class ReviewerQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at=None).select_related("user").order_by("user__name", "pk")

    def invite(self, playback, user, *, by):
        """The reviewer they become; None when they are one already."""
        found, made = self.get_or_create(playback=playback, user=user, defaults={"invited_by": by})
        if not made and found.removed_at is None:
            return None
        if not made:
            found.removed_at, found.invited_by, found.invited_at = None, by, timezone.now()
            found.save(update_fields=["removed_at", "invited_by", "invited_at"])
        return found


class Reviewer(models.Model):
    """Somebody who is asked to answer a playback, for as long as they are."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(User, models.PROTECT, related_name="asked_playbacks")
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["playback", "user"], name="a_reviewer_is_asked_once")]

    def __str__(self):
        return str(self.user)

    def remove(self):
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])
