from django.db import models
from django.utils import timezone

from teams.models import User

from .round import Round
from .session import Session


class ReadingQuerySet(models.QuerySet):
    def note(self, user, round_, session=None):
        """Somebody other than the researcher read raw notes. One row for each person, place and day."""
        where = {"session": session} if session else {"round": round_}
        row = Reading(who=user, who_name=user.name, day=timezone.localdate(), **where)
        self.bulk_create([row], ignore_conflicts=True)

    def of_round(self, round_):
        """Of the round's notes together or of one session's, latest first."""
        found = self.filter(models.Q(round=round_) | models.Q(session__round=round_))
        return found.select_related("session").order_by("-day", "-pk")


class Reading(models.Model):
    """Who outside research read raw notes, and when. Rows are only ever added."""

    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="readings")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="readings")
    who = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    who_name = models.CharField(max_length=100)
    day = models.DateField()
    at = models.DateTimeField(default=timezone.now)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="reading_is_of_a_round_or_a_session",
                condition=models.Q(round=None, session__isnull=False) | models.Q(round__isnull=False, session=None),
            ),
            models.UniqueConstraint(
                fields=["who", "round", "session", "day"], name="one_reading_a_day", nulls_distinct=False
            ),
        ]

    def __str__(self):
        return f"{self.who_name}, {self.day}"
