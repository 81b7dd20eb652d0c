import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils import timezone

from teams import calendar
from teams.models import Change, Team, User, Versioned

from .sprint_rows import SprintQuerySet

WHOLE_RANGE = Value("[]")


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class GoalResult(models.TextChoices):
    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"


class Sprint(Versioned):
    """A fixed period of a month or less with one goal.

    What it committed to is sealed when it starts; when it ends, `record` keeps every day and every step that its
    figures are made of, so that nothing done later to a story or a calendar changes them.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="sprints")
    number = models.PositiveSmallIntegerField(editable=False)
    goal = models.CharField("sprint goal", max_length=300, blank=True)
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    show_and_tell = models.DateField("show and tell", null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED, editable=False)

    sealed_goal = models.CharField(max_length=300, blank=True, editable=False)  # as it was at the start
    started_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    closed_at = models.DateTimeField(null=True, editable=False)  # closed or cancelled
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    goal_result = models.CharField(max_length=10, choices=GoalResult, blank=True, editable=False)
    goal_note = models.CharField(max_length=300, blank=True, editable=False)  # or why it was cancelled
    record = models.JSONField(null=True, editable=False)
    moves = models.PositiveBigIntegerField(default=0, editable=False)  # counts what happens on the board
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SprintQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="sprint_number_is_unique_in_team"),
            models.UniqueConstraint(fields=["id", "team"], name="sprint_and_its_team"),  # for keys of two columns
            models.UniqueConstraint(fields=["team"], condition=Q(state="active"), name="one_active_sprint_a_team"),
            models.CheckConstraint(name="sprint_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
            # Without an extension, GiST compares ranges only; a team is the range of itself.
            ExclusionConstraint(
                name="sprints_of_a_team_never_overlap",
                expressions=[
                    (Func("team_id", "team_id", WHOLE_RANGE, function="int8range"), RangeOperators.OVERLAPS),
                    (Func("starts_on", "ends_on", WHOLE_RANGE, function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(state="cancelled"),
            ),
            models.CheckConstraint(
                name="a_started_sprint_says_who_when_and_what_for",
                condition=Q(started_at=None, started_by=None, state__in=["planned", "cancelled"])
                | (Q(started_at__isnull=False, started_by__isnull=False) & ~Q(sealed_goal="") & ~Q(state="planned")),
            ),
            models.CheckConstraint(
                name="an_ended_sprint_says_who_and_when",
                condition=Q(state__in=["planned", "active"], closed_at=None, closed_by=None, record=None)
                | Q(state__in=["closed", "cancelled"], closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_closed_sprint_judges_its_goal",
                condition=(Q(state="closed", record__isnull=False) & ~Q(goal_result="") & ~Q(goal_note=""))
                | (~Q(state="closed") & Q(goal_result="")),
            ),
        ]

    def __str__(self):
        return f"Sprint {self.number}"

    def get_absolute_url(self):
        return reverse("sprints:sprint", args=[self.team.slug, self.number])

    # --- What it is

    @property
    def is_planned(self):
        return self.state == State.PLANNED

    @property
    def is_active(self):
        return self.state == State.ACTIVE

    @property
    def is_over(self):
        return self.state in (State.CLOSED, State.CANCELLED)

    @property
    def goal_was_changed(self):
        """Since the start."""
        return bool(self.sealed_goal) and self.goal != self.sealed_goal

    def working_days(self) -> list:
        """The team's working days from the first to the last; of an ended sprint those that were counted then."""
        if self.record:
            return [dt.date.fromisoformat(day) for day in self.record["days"]]
        return calendar.working_days_between(self.starts_on, self.ends_on, self.team.division, self.team.days_closed())

    def day_on(self, date) -> tuple:
        """(4, 10) on day 4 of 10. On a day that is none, the working day before it; 0 before the first."""
        days = self.working_days()
        return sum(day <= date for day in days), len(days)

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its goal or, while it is planned, its dates. Raises Conflict when somebody saved since it was read."""
        self.refuse_if_over()
        if self.is_active:
            if not fields.get("goal", self.goal):
                raise ValidationError({"goal": "An active sprint needs a goal"})
            fields = {name: new for name, new in fields.items() if name in ("goal", "show_and_tell")}
        dates = {name: fields.get(name, getattr(self, name)) for name in ("starts_on", "ends_on", "show_and_tell")}
        Sprint.objects.check_dates(self.team, **dates, besides=self)
        if words := self.rewrite(**fields):
            self.record_change(f"changed the {words}", by=by)

    def refuse_if_over(self):
        if self.is_over:
            raise ValidationError(f"{self} is {self.get_state_display().lower()}, so nothing in it changes any more")

    def record_change(self, words, *, by):
        label = f"{self.team} sprint {self.number}"
        return Change.objects.record(self, words, by=by, team=self.team, label=label, url=self.get_absolute_url())
