import datetime as dt
from calendar import monthrange

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Team, User, Versioned

from .round_rows import TAKEN, RoundQuerySet
from .states import ROUND_COMES_FROM, FindingState, RoundState

KEPT_FOR = 12  # months after the last session, unless the researcher says otherwise
REMINDERS = (30, 7)  # days before the data is deleted


class Method(models.TextChoices):
    INTERVIEWS = "interviews", "Interviews"
    VISITS = "visits", "Visits"
    USABILITY = "usability", "Usability tests"
    DIARY = "diary", "Diary study"
    WORKSHOP = "workshop", "Workshop"
    MIXED = "mixed", "Several methods"


class Round(Versioned):
    """A batch of sessions with the same questions, method and information sheet."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=100)
    questions = models.TextField("what we want to learn", max_length=3000)
    method = models.CharField(max_length=20, choices=Method, default=Method.INTERVIEWS)
    groups = models.TextField("user groups to hear from", max_length=1000, blank=True)  # one on each line
    sheet_version = models.CharField("version of the information sheet", max_length=50, blank=True)
    sensitive = models.BooleanField("a sensitive subject", default=False)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.PLANNED, editable=False)
    delete_by = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "name"], name="round_name_is_unique_in_team"),
            models.CheckConstraint(name="round_state_is_known", condition=Q(state__in=RoundState.values)),
            models.CheckConstraint(
                name="fieldwork_knows_when_its_data_goes",
                condition=Q(state=RoundState.PLANNED) | Q(delete_by__isnull=False),
            ),
            models.CheckConstraint(
                name="an_erased_round_says_when",
                condition=Q(state=RoundState.ERASED, erased_at__isnull=False)
                | (~Q(state=RoundState.ERASED) & Q(erased_at=None)),
            ),
        ]
        indexes = [models.Index(fields=["delete_by"], name="round_due", condition=Q(erased_at=None))]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("research:round", args=[self.team.slug, self.pk])

    # --- What it is

    @property
    def is_erased(self):
        return self.state == RoundState.ERASED

    @property
    def is_shared(self):
        return self.state == RoundState.SHARED

    @property
    def wanted_groups(self) -> list[str]:
        return [name for name in map(str.strip, self.groups.splitlines()) if name]

    def last_day(self) -> dt.date:
        """Of its sessions; today where none is planned."""
        last = self.sessions.aggregate(last=models.Max("starts_at"))["last"]
        return timezone.localtime(last).date() if last else timezone.localdate()

    def latest_delete_by(self) -> dt.date:
        usual = months_after(self.last_day(), self.team.programme.retention_months)
        granted = self.longer.filter(is_granted=True).aggregate(until=models.Max("until"))["until"]
        return max(usual, granted or usual)

    def next_states(self) -> list:
        return [RoundState(to) for to, start in ROUND_COMES_FROM.items() if self.state in start]

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its facts. The history says which, not the words."""
        self.insist_it_is_kept()
        if self.team.rounds.filter(name__iexact=fields.get("name", "")).exclude(pk=self.pk).exists():
            raise ValidationError(TAKEN)
        if fields.get("delete_by"):
            self._insist_on_a_lawful(fields["delete_by"])
        elif self.state != RoundState.PLANNED and "delete_by" in fields:
            raise ValidationError("Say by when its data is deleted: people have been promised it")
        differ = [name for name, new in fields.items() if getattr(self, name) != new]
        for name in differ:
            setattr(self, name, fields[name])
        if differ:
            self.save_changes(*differ)
            named = [self._meta.get_field(name).verbose_name for name in differ]
            self.record(f"changed {', '.join(named)} of the round", by=by)

    @transaction.atomic
    def become(self, state, *, by):
        """Planned → Fieldwork → Analysis → Shared, and a step back where there is more to do."""
        self.insist_it_is_kept()
        if self.state not in ROUND_COMES_FROM.get(state, []):
            raise ValidationError(f"The round is “{self.get_state_display()}”, so this cannot be done")
        if state == RoundState.SHARED:
            self._insist_all_is_agreed()
        if state == RoundState.FIELDWORK and self.delete_by is None:
            self.delete_by = min(months_after(self.last_day(), KEPT_FOR), self.latest_delete_by())
        self.state = state
        self.save_changes("state", "delete_by")
        self.record(f"moved the round to {RoundState(state).label.lower()}", by=by)

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.get_absolute_url())

    def insist_it_is_kept(self):
        if self.is_erased:
            raise ValidationError("The data of this round was deleted. What was learned stays in its findings")

    def _insist_all_is_agreed(self):
        if not self.findings.filter(state=FindingState.AGREED).exists():
            raise ValidationError("Agree at least one finding before you share the round")
        if self.findings.filter(state=FindingState.DRAFT).exists():
            raise ValidationError("Some findings are still drafts. Agree or remove them before you share the round")

    def _insist_on_a_lawful(self, day):
        if day <= timezone.localdate():
            raise ValidationError({"delete_by": "The date must be in the future. To delete the data now, erase it"})
        if day > (latest := self.latest_delete_by()):
            raise ValidationError(
                {
                    "delete_by": f"At the latest {latest.day} {latest:%B %Y}: the programme keeps research for "
                    f"{self.team.programme.retention_months} months after the last session. An administrator "
                    "may allow more: ask on the page of the round"
                }
            )


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
