from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .playback_states import Use
from .share_link import ShareLink

LATEST = 50  # that are listed


def this_hour():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


class ShareLinkUseQuerySet(models.QuerySet):
    def note(self, link, what, reviewer=None):
        """One more. Whoever does the same a million times in an hour fills one row.

        Note it last: until the request ends, everybody who reads through the same link waits for that row.
        """
        row = {"link": link, "what": what, "reviewer": reviewer, "hour": this_hour()}
        self.bulk_create([self.model(**row, times=0)], ignore_conflicts=True)
        self.filter(**row).update(times=F("times") + 1, at=timezone.now())

    def latest_of(self, playback):
        rows = self.filter(link__playback=playback).select_related("reviewer", "link__created_by")
        return rows.order_by("-at", "-pk")[:LATEST]


class ShareLinkUse(models.Model):
    """What somebody did through a link in one hour, how often, and when last; who, once they have confirmed it."""

    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="uses")
    what = models.CharField(max_length=9, choices=Use, default=Use.READ)
    reviewer = models.ForeignKey("Reviewer", models.PROTECT, null=True, related_name="uses")
    hour = models.DateTimeField(default=this_hour)
    times = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(default=timezone.now)

    objects = ShareLinkUseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["link", "-at"], name="uses_of_a_link")]
        constraints = [
            models.CheckConstraint(
                name="what_is_answered_is_somebodys",
                condition=Q(what__in=[Use.READ, Use.ASKED]) | Q(reviewer__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["link", "what", "reviewer", "hour"], name="uses_are_counted_by_the_hour", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()}, {self.at:%Y-%m-%d}"
