import datetime as dt

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from .programme import Programme, Service
from .versioned import Versioned


class Phase(models.TextChoices):
    DISCOVERY = "discovery", "Discovery"
    ALPHA = "alpha", "Alpha"
    PRIVATE_BETA = "private_beta", "Private beta"
    PUBLIC_BETA = "public_beta", "Public beta"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


class Division(models.TextChoices):
    """Whose bank holidays apply."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


class TeamQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(archived_at=None)


class Team(Versioned):
    """Multidisciplinary people delivering one workstream: one lead service, one phase, calendar and stand-up time."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="teams")
    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    prefix = models.CharField(
        "reference prefix",
        max_length=5,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,5}\Z", "Use 2 to 5 capital letters, like HOU")],
        help_text="2 to 5 capital letters. References begin with it, like HOU-17. It cannot be changed later",
    )
    lead_service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="led_teams")
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.DISCOVERY)
    division = models.CharField("bank holidays", max_length=20, choices=Division, default=Division.ENGLAND_AND_WALES)
    standup_at = models.TimeField("stand-up time", default=dt.time(9, 30))
    next_number = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]

    def __str__(self):
        return self.name

    def take_number(self) -> int:
        """The next of the team's reference numbers. The team's row stays locked until the transaction ends."""
        Team.objects.filter(pk=self.pk).update(next_number=F("next_number") + 1)
        self.refresh_from_db(fields=["next_number"])
        return self.next_number - 1


class PhaseChange(models.Model):
    """When a team entered a phase, and when it hopes to leave it. The target is an estimate."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="phase_changes")
    phase = models.CharField(max_length=20, choices=Phase)
    started_on = models.DateField()
    target_end_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="phase_ends_after_it_starts",
                condition=Q(target_end_on=None) | Q(target_end_on__gte=F("started_on")),
            )
        ]


class Closure(models.Model):
    """Days on which the whole team does not work."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="closures")
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(default=timezone.localdate)
    reason = models.CharField(max_length=100)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(name="closure_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on")))
        ]
