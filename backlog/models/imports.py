import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Job, Team, User
from teams.models.history import UNDO_FOR

from .opportunity import Opportunity

KEPT_FOR = dt.timedelta(days=7)  # the file as it came, and what was staged from it


class ImportRunQuerySet(models.QuerySet):
    def newest_first(self):
        people = self.select_related("team__programme", "created_by", "applied_by", "job")
        return people.order_by("-created_at", "-pk")

    def forget_old(self):
        """After seven days what was staged goes: the rows of what was imported, and all of what never was."""
        long_ago = timezone.now() - KEPT_FOR
        applied = self.filter(state__in=[ImportRun.State.APPLIED, ImportRun.State.UNDONE])
        ImportRow.objects.filter(run__in=applied.filter(applied_at__lt=long_ago)).delete()
        self.filter(applied_at=None, created_at__lt=long_ago).delete()


class ImportRun(models.Model):
    """One file of opportunities on its way in: read, checked, applied, and perhaps taken back."""

    class State(models.TextChoices):
        UPLOADED = "uploaded", "Columns to choose"
        MAPPED = "mapped", "Being checked"
        CHECKED = "checked", "Checked"
        APPLYING = "applying", "Being imported"
        APPLIED = "applied", "Imported"
        UNDOING = "undoing", "Being undone"
        UNDONE = "undone", "Undone"
        FAILED = "failed", "Could not be read"

    team = models.ForeignKey(Team, models.CASCADE, related_name="imports")
    name = models.CharField(max_length=100)  # of the file, for people to know it by; never a path
    sheet = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    columns = models.JSONField(default=list)
    sample = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)  # what to do with names we do not have (imports/check.py)
    unknown = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    first_number = models.PositiveIntegerField(null=True)  # of the block of reference numbers it took
    made = models.JSONField(default=dict)  # the themes, services and stages it created
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    applied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["team", "-created_at"], name="imports_of_a_team")]
        constraints = [
            models.CheckConstraint(
                name="an_applied_import_says_who_and_when",
                condition=~Q(state__in=["applied", "undoing", "undone"])
                | Q(applied_by__isnull=False, applied_at__isnull=False),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("backlog:import_run", args=[self.team.slug, self.pk])

    @property
    def is_working(self):
        return self.state in (self.State.MAPPED, self.State.APPLYING, self.State.UNDOING)

    @property
    def may_be_mapped(self):
        return self.state in (self.State.UPLOADED, self.State.CHECKED) or (
            self.state == self.State.MAPPED and self.has_stalled
        )

    @property
    def may_still_be_undone(self):
        return self.state == self.State.APPLIED and timezone.now() - self.applied_at <= UNDO_FOR

    def may_be_undone_by(self, user, standing):
        """By whoever imported it or the product owner, for seven days (domain.md §2.3)."""
        return self.may_still_be_undone and (self.applied_by_id == user.pk or standing.may("decide"))

    @property
    def has_stalled(self):
        """Its work was given up: every worker that took it died, or something went wrong on our side."""
        return self.is_working and self.job is not None and self.job.state == Job.State.FAILED

    @transaction.atomic
    def check_rows(self, mapping, *, by, choices=None):
        """Dry run with these columns, and this to be done with names that are not known. May be asked for again."""
        after = [self.State.UPLOADED, self.State.CHECKED, *([self.State.MAPPED] if self.has_stalled else [])]
        again = {"mapping": mapping, "choices": choices or {}, "first_number": None, "problem": ""}
        self._go_on("check an import", self.State.MAPPED, after=after, by=by, **again)

    @transaction.atomic
    def apply(self, *, by):
        after = [self.State.CHECKED, *([self.State.APPLYING] if self.has_stalled else [])]
        self._go_on("apply an import", self.State.APPLYING, after=after, by=by)

    @transaction.atomic
    def undo(self, *, by):
        if self.state == self.State.APPLIED and not self.may_still_be_undone:
            raise ValidationError("An import can be undone for seven days, and they are over")
        after = [self.State.APPLIED, *([self.State.UNDOING] if self.has_stalled else [])]
        self._go_on("undo an import", self.State.UNDOING, after=after, by=by)

    def becomes(self, state, *, after, **fields):
        """Go on from one of the states `after`. False when somebody else has been quicker."""
        rows = ImportRun.objects.filter(pk=self.pk, state__in=after).update(state=state, **fields)
        if rows:
            for name, new in {"state": state, **fields}.items():
                setattr(self, name, new)
        return bool(rows)

    def _go_on(self, kind, state, *, after, by, **fields):
        job = Job.objects.ask(kind, by=by, team=self.team, work={"run": self.pk})
        if not self.becomes(state, after=after, job=job, **fields):
            raise ValidationError("Somebody else has gone on with this import. Look at it again")


class ImportFile(models.Model):
    """What was uploaded, until it is applied. In the database, so that no web server can ever hand it out."""

    run = models.OneToOneField(ImportRun, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()


class ImportRow(models.Model):
    """One row of the file: what it would do, then what it did and what stood there before."""

    class Action(models.TextChoices):
        CREATE = "create", "New"
        UPDATE = "update", "Changed"
        UNCHANGED = "unchanged", "Unchanged"
        BAD = "bad", "Left out"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()  # as the spreadsheet shows it
    action = models.CharField(max_length=10, choices=Action)
    title = models.CharField(max_length=150, blank=True)
    values = models.JSONField(default=dict)
    cells = models.JSONField(default=list)  # of bad rows, to give them back
    problem = models.TextField(blank=True)
    warning = models.TextField(blank=True)
    kept = models.CharField(max_length=200, blank=True)  # why applying or undoing left it alone
    place = models.PositiveIntegerField(null=True)  # among the new ones, from 0: decides its reference number
    opportunity = models.ForeignKey(Opportunity, models.SET_NULL, null=True, related_name="+")
    before = models.JSONField(default=dict)
    version = models.PositiveIntegerField(null=True)  # of the opportunity, when checked and then once applied

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="an_import_has_each_row_once")]
        indexes = [
            models.Index(fields=["run", "action", "number"], name="rows_of_an_import"),
            models.Index(fields=["run", "number"], name="warnings_of_an_import", condition=~Q(warning="")),
        ]
