from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backlog.models import Opportunity, Stage, Story, Touchpoint
from teams.models import Change, Team, User, Versioned

from .finding_rows import SEARCHED, FindingQuerySet
from .observation import Observation
from .round import Round
from .session import Session
from .states import FindingState

RECHECK = "evidence withdrawn"


class FindingKind(models.TextChoices):
    NEED = "need", "Need"
    PAIN_POINT = "pain_point", "Pain point"
    WORKS_WELL = "works_well", "Works well"
    FACT = "fact", "Fact"


class Severity(models.IntegerChoices):
    MINOR = 1, "Minor: it annoys"
    MAJOR = 2, "Major: it delays or costs"
    SEVERE = 3, "Severe: it stops people or harms them"


class Finding(Versioned):
    """What was learned, in one sentence that can be read without its observations. It outlives them."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="findings", db_index=False)  # others begin with it
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=12, choices=FindingKind, default=FindingKind.PAIN_POINT)
    statement = models.CharField("what we learned", max_length=200)
    detail = models.TextField("what it rests on", max_length=2000, blank=True)
    severity = models.PositiveSmallIntegerField(null=True, blank=True, choices=Severity)
    stage = models.ForeignKey(Stage, models.SET_NULL, null=True, blank=True, related_name="findings")
    touchpoint = models.ForeignKey(Touchpoint, models.SET_NULL, null=True, blank=True, related_name="findings")
    state = models.CharField(max_length=12, choices=FindingState, default=FindingState.DRAFT, editable=False)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="took_in")
    recheck = models.CharField(max_length=40, blank=True, editable=False)  # why it must be looked at again
    people = models.PositiveIntegerField(default=0, editable=False)  # different participants behind it
    observations = models.ManyToManyField(Observation, related_name="findings", editable=False)
    sessions = models.ManyToManyField(Session, related_name="findings", editable=False)  # stay when the notes go
    opportunities = models.ManyToManyField(Opportunity, related_name="findings", editable=False)
    stories = models.ManyToManyField(Story, related_name="findings", editable=False)
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    agreed_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-people", "pk"]
        constraints = [
            models.CheckConstraint(name="finding_state_is_known", condition=Q(state__in=FindingState.values)),
            models.CheckConstraint(name="finding_says_something", condition=~Q(statement="")),
            models.CheckConstraint(
                name="agreed_says_who_and_when",
                condition=Q(state=FindingState.AGREED, agreed_by__isnull=False, agreed_at__isnull=False)
                | ~Q(state=FindingState.AGREED),
            ),
            models.CheckConstraint(
                name="only_the_superseded_is_replaced",
                condition=Q(superseded_by=None) | Q(state=FindingState.SUPERSEDED),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "-people", "id"], name="findings_most_people_first"),
            GinIndex(SEARCHED, name="finding_search"),
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        return reverse("research:finding", args=[self.team.slug, self.pk])

    # --- What it is

    @property
    def is_draft(self):
        return self.state == FindingState.DRAFT

    @property
    def is_agreed(self):
        return self.state == FindingState.AGREED

    @property
    def is_superseded(self):
        return self.state == FindingState.SUPERSEDED

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its words and facts. What was agreed has to be agreed again."""
        self._insist_it_stands()
        differ = [name for name, new in fields.items() if getattr(self, name) != new]
        for name in differ:
            setattr(self, name, fields[name])
        if not differ:
            return
        if self.is_agreed and {"statement", "detail"} & set(differ):
            self.state, self.agreed_by, self.agreed_at = FindingState.DRAFT, None, None
        self.save_changes(*differ, "state", "agreed_by", "agreed_at")
        named = ", ".join(self._meta.get_field(name).verbose_name for name in differ)
        self.record(f"changed {named} of the finding", by=by)

    @transaction.atomic
    def agree(self, *, by):
        self._insist_it_stands()
        self.state, self.agreed_by, self.agreed_at, self.recheck = FindingState.AGREED, by, timezone.now(), ""
        self.save_changes("state", "agreed_by", "agreed_at", "recheck")
        self.record("agreed the finding", by=by)

    @transaction.atomic
    def become_draft(self, *, by):
        """Open again, for another look."""
        self.state, self.agreed_by, self.agreed_at, self.superseded_by = FindingState.DRAFT, None, None, None
        self.save_changes("state", "agreed_by", "agreed_at", "superseded_by")
        self.record("made the finding a draft again", by=by)

    @transaction.atomic
    def supersede(self, *, by):
        """No longer what we believe. Its evidence counts for nothing any more."""
        self.stop_holding()
        self.record("superseded the finding", by=by)

    def stop_holding(self, *, replaced_by=None):
        self._insist_it_stands()
        self.state, self.superseded_by = FindingState.SUPERSEDED, replaced_by
        self.agreed_by = self.agreed_at = None
        self.save_changes("state", "superseded_by", "agreed_by", "agreed_at")

    def record(self, words, *, by, undo=None):
        return Change.objects.record(
            self, words, by=by, team=self.team, label=str(self)[:200], url=self.get_absolute_url(), undo=undo
        )

    def _insist_it_stands(self):
        if self.is_superseded:
            raise ValidationError("This finding is superseded. Make it a draft again to work on it")
