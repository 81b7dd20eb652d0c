import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from .history import Change
from .user import User

LONGEST = dt.timedelta(days=366)
FURTHEST = dt.timedelta(days=3 * 366)


class AbsenceQuerySet(models.QuerySet):
    def to_come(self):
        """Those that last until today or longer."""
        return self.filter(ends_on__gte=timezone.localdate())

    def before_long(self, weeks):
        """Those that begin within so many weeks."""
        return self.filter(starts_on__lt=timezone.localdate() + dt.timedelta(weeks=weeks))

    def in_team(self, team):
        people = team.memberships.current().values("user")
        return self.filter(user__in=people).select_related("user")

    def overlapping(self, starts_on, ends_on):
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


class Absence(models.Model):
    """Whole days on which a person is away, in every team they are in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="absences")
    starts_on = models.DateField("first day away")
    ends_on = models.DateField("last day away")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(name="absence_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on")))
        ]

    def __str__(self):
        first, last = (f"{day.day} {day:%B %Y}" for day in (self.starts_on, self.ends_on))
        return f"on {first}" if first == last else f"from {first} to {last}"

    def clean(self):
        today = timezone.localdate()
        if self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "The last day must be the same as or after the first day"})
        if self.ends_on < today:
            raise ValidationError({"ends_on": "The last day must be today or in the future"})
        if self.ends_on - self.starts_on > LONGEST or self.ends_on - today > FURTHEST:
            raise ValidationError({"ends_on": "Enter at most a year, in the next three years"})
        if clash := self.user.absences.overlapping(self.starts_on, self.ends_on).first():
            raise ValidationError({"starts_on": f"You are already away {clash}"})

    @transaction.atomic
    def book(self):
        """Raises ValidationError by field. The person's row is locked, so that two at once do not overlap."""
        User.objects.select_for_update().get(pk=self.user_id)
        self.clean()
        self.save()
        Change.objects.record(self.user, f"will be away {self}", by=self.user)

    @transaction.atomic
    def cancel(self):
        Change.objects.record(self.user, f"will not be away {self}", by=self.user)
        self.delete()
