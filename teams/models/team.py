import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string

from teams.permissions import ALLOWED, TEAM_ROLES, Role

from . import archive
from .programme import Programme, Service
from .versioned import Versioned


class Phase(models.TextChoices):
    DISCOVERY = "discovery", "Discovery"
    ALPHA = "alpha", "Alpha"
    PRIVATE_BETA = "private_beta", "Private beta"
    PUBLIC_BETA = "public_beta", "Public beta"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"


LONGEST_CLOSURE = dt.timedelta(days=60)


class Division(models.TextChoices):
    """Whose bank holidays apply."""

    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


class TeamQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(archived_at=None)

    def archived(self):
        return self.exclude(archived_at=None)

    def with_phase(self):
        """Each with the dates of the phase it is in."""
        latest = PhaseChange.objects.filter(team=OuterRef("pk"))
        return self.annotate(
            phase_since=Subquery(latest.values("started_on")[:1]),
            phase_until=Subquery(latest.values("target_end_on")[:1]),
        )

    def with_membership_of(self, user):
        """`mine` says whether the person is in it."""
        return self.annotate(mine=Exists(user.memberships.current().filter(team=OuterRef("pk"))))

    def allowing(self, user, needs):
        """In which the person's role allows it."""
        roles = [role for role in TEAM_ROLES if needs in ALLOWED[role]]
        return self.filter(Exists(user.memberships.current().filter(team=OuterRef("pk"), role__in=roles)))

    def with_people_counted(self):
        current = Q(memberships__left_at=None)
        return self.order_by(Lower("name"), "pk").annotate(
            people=Count("memberships", filter=current),
            owners=Count("memberships", filter=current & Q(memberships__role=Role.PRODUCT_OWNER)),
        )

    @transaction.atomic
    def add(self, programme, *, by, name, slug, prefix, **fields):
        """A new team. Its address and prefix are unique over all programmes and stay as they are."""
        try:
            with transaction.atomic():
                team = self.create(programme=programme, name=name, slug=slug, prefix=prefix, **fields)
        except IntegrityError:
            self.refuse_taken(slug, prefix)
            raise
        team.phase_changes.create(phase=team.phase, started_on=timezone.localdate())
        team.settle_days(was_there=False)
        team.record(f"made the team {name}", by=by)
        return team

    def refuse_taken(self, slug, prefix):
        if self.filter(slug=slug).exists():
            raise ValidationError({"slug": f"There is a team at /teams/{slug}/ already. Choose another address"})
        if self.filter(prefix=prefix).exists():
            raise ValidationError({"prefix": f"Another team’s references begin with {prefix}. Choose other letters"})


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

    def get_absolute_url(self):
        return reverse("teams:team", args=[self.slug])

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its name, lead service, bank holidays or stand-up time. Raises Conflict when somebody saved first."""
        self.settle_days()
        if words := self.rewrite(**fields):
            self.record(f"changed the {words}", by=by)

    @transaction.atomic
    def set_phase(self, phase, started_on, target_end_on, *, by):
        """Enter a phase, or correct the dates of the one the team is in. The target is an estimate."""
        Team.objects.select_for_update().get(pk=self.pk)
        latest = self.phase_changes.first()
        same = latest is not None and latest.phase == phase
        self._check_phase(started_on, target_end_on, self.phase_changes.all()[1:2] if same else [latest])
        dates = {"started_on": started_on, "target_end_on": target_end_on}
        if same:
            self.phase_changes.filter(pk=latest.pk).update(**dates)
        else:
            self.phase_changes.create(phase=phase, **dates)
            self.phase = phase
            self.save_changes("phase")
        until = f", estimated to end on {_day(target_end_on)}" if target_end_on else ""
        verb = "corrected the dates of" if same else "moved the team to"
        self.record(f"{verb} {Phase(phase).label}: since {_day(started_on)}{until}", by=by)

    def _check_phase(self, started_on, target_end_on, before):
        if started_on > timezone.localdate():
            raise ValidationError({"started_on": "The phase must have started today or before"})
        if any(one and started_on < one.started_on for one in before):
            raise ValidationError({"started_on": "It must be on or after the day the phase before it started"})
        if target_end_on and target_end_on < started_on:
            raise ValidationError({"target_end_on": "The estimated end must be on or after the start"})

    @transaction.atomic
    def close(self, starts_on, ends_on, reason, *, by):
        """Days on which nobody in the team works; they do not count as working days."""
        Team.objects.select_for_update().get(pk=self.pk)
        if ends_on < starts_on:
            raise ValidationError({"ends_on": "The last day must be the same as or after the first day"})
        if ends_on - starts_on > LONGEST_CLOSURE:
            raise ValidationError({"ends_on": "A closure lasts 60 days at most. Check the year"})
        if clash := self.closures.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
            raise ValidationError({"starts_on": f"The team is closed already {clash}"})
        self.settle_days()
        closure = self.closures.create(starts_on=starts_on, ends_on=ends_on, reason=reason)
        self.record(f"closed the team {closure}", by=by)
        return closure

    @transaction.atomic
    def archive(self, *, by):
        self.settle_days()
        archive.archive(self)
        self.record("archived the team", by=by)

    @transaction.atomic
    def restore(self, *, by):
        self.settle_days()
        archive.restore(self)
        self.record("restored the team", by=by)

    def settle_days(self, **facts):
        """Its working days are about to change: what is past is judged now, by those that held until now."""
        for path in settings.BEFORE_WORKING_DAYS_CHANGE:
            import_string(path)(self, **facts)

    def record(self, words, *, by):
        return self.changes.record(self, words, by=by, team=self, url=self.get_absolute_url())

    def days_closed(self):
        """The closures as (first day, last day), as teams/calendar.py takes them."""
        return [(one.starts_on, one.ends_on) for one in self.closures.all()]

    def take_number(self) -> int:
        """The next of the team's reference numbers. The team's row stays locked until the transaction ends."""
        return self.take_numbers(1)[0]

    def take_numbers(self, count) -> range:
        """The next few, one after the other."""
        Team.objects.filter(pk=self.pk).update(next_number=F("next_number") + count)
        self.refresh_from_db(fields=["next_number"])
        return range(self.next_number - count, self.next_number)


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

    def __str__(self):
        first, last = _day(self.starts_on), _day(self.ends_on)
        return f"on {first} ({self.reason})" if first == last else f"from {first} to {last} ({self.reason})"

    @transaction.atomic
    def reopen(self, *, by):
        """The team works on these days after all."""
        self.team.settle_days()
        self.team.record(f"took back that the team is closed {self}", by=by)
        self.delete()


def _day(date):
    return f"{date.day} {date:%B %Y}"
