import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from sprints.sending import EARLIEST, LATEST, USUAL, hour_for, latest_for
from teams.models import Team, Versioned


class DigestSettingsQuerySet(models.QuerySet):
    def of(self, team):
        """What the team chose, or what every team begins with."""
        return getattr(team, "digest_settings", None) or self.model(team=team)


class DigestSettings(Versioned):
    """Whether and when a team's digest goes. A team that never chose has no row."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="digest_settings")
    send_at = models.TimeField("hour of the digest", default=USUAL)
    is_on = models.BooleanField("digest", default=True)

    objects = DigestSettingsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="digest_goes_in_the_morning", condition=Q(send_at__range=(EARLIEST, LATEST)))
        ]

    def __str__(self):
        return f"The digest of {self.team}"

    @property
    def hour(self) -> dt.time:
        """When it really goes: a stand-up that was moved to an earlier time takes the digest along."""
        return hour_for(self.send_at, self.team.standup_at)

    @transaction.atomic
    def edit(self, *, by, send_at, is_on):
        """Raises Conflict when somebody saved since it was read."""
        latest = latest_for(self.team.standup_at)
        if not EARLIEST <= send_at <= latest:
            words = (
                f"Enter a time from {_clock(EARLIEST)} to {_clock(latest)}, 15 minutes before the stand-up or earlier"
            )
            raise ValidationError({"send_at": words})
        self.team.settle_days()
        if self.pk is None:
            self.pk = DigestSettings.objects.get_or_create(team=self.team)[0].pk
        if words := self.rewrite(send_at=send_at, is_on=is_on):
            self.team.record(f"changed the {words}".replace(" yes", " on").replace(" no", " off"), by=by)


def _clock(time):
    return f"{time.hour % 12 or 12}:{time:%M}{'am' if time.hour < 12 else 'pm'}"
