from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from teams.models import Change, Membership, User
from teams.permissions import Role

from .story_states import Authority


class DeputyQuerySet(models.QuerySet):
    def in_force(self):
        today = timezone.localdate()
        return self.filter(starts_on__lte=today, ends_on__gte=today, membership__left_at=None)

    def to_come(self):
        """Those that last until today or longer."""
        return self.filter(ends_on__gte=timezone.localdate(), membership__left_at=None)

    def of_team(self, team):
        return self.filter(membership__team=team).select_related(
            "membership__user", "membership__team__programme", "named_by"
        )

    def stands_in(self, membership="pk"):
        """Whether the membership at that path signs off today for the product owner; to annotate many with."""
        return Exists(self.in_force().filter(membership=OuterRef(membership)))

    def authority(self, user, team) -> Authority:
        """What the person may decide about the team's stories today."""
        mine = team.memberships.current().filter(user=user)
        owns = mine.filter(role=Role.PRODUCT_OWNER).exists()
        return Authority(owns, owns or self.in_force().filter(membership__in=mine).exists())

    @transaction.atomic
    def appoint(self, membership, starts_on, ends_on, *, by):
        """Let somebody of the team sign off for the product owner, from one day to another."""
        deputy = Deputy(membership=membership, starts_on=starts_on, ends_on=ends_on, named_by=by)
        deputy.clean()
        deputy.save()
        deputy.record(f"named {membership.user} as deputy for sign-off {deputy}", by=by)
        return deputy


class Deputy(models.Model):
    """Somebody of the team who signs off for the product owner, on certain days."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="deputies")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(name="deputy_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on")))
        ]

    def __str__(self):
        first, last = (f"{day.day} {day:%B %Y}" for day in (self.starts_on, self.ends_on))
        return f"on {first}" if first == last else f"from {first} to {last}"

    def clean(self):
        if self.membership.role == Role.PRODUCT_OWNER:
            raise ValidationError({"membership": f"{self.membership.user} is a product owner and may sign off already"})
        if self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "The last day must be the same as or after the first day"})
        if self.ends_on < timezone.localdate():
            raise ValidationError({"ends_on": "The last day must be today or in the future"})

    @transaction.atomic
    def dismiss(self, *, by):
        """No longer a deputy, or never to become one; what they signed off stays signed off."""
        self.record(f"took back that {self.membership.user} is deputy for sign-off {self}", by=by)
        self.delete()

    def record(self, words, *, by):
        team = self.membership.team
        return Change.objects.record(self, words, by=by, team=team, label=str(team), url=team.get_absolute_url())
