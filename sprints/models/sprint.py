import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from sprints.burndown import ledger
from teams import calendar
from teams.models import Change, Team, User, Versioned
from teams.prepared import prepared

from . import contents
from .sprint_rows import SprintQuerySet
from .sprint_states import Destination, GoalResult, State
from .sprint_table import CONSTRAINTS
from .steps import steps_of


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
    points_done = models.PositiveIntegerField(null=True, editable=False)  # at the end, by its record: its velocity
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SprintQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = CONSTRAINTS

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
        Team.objects.select_for_update(no_key=True).get(pk=self.team_id)  # as planning does: no two take the same days
        if self.is_active:
            if not fields.get("goal", self.goal):
                raise ValidationError({"goal": "An active sprint needs a goal"})
            fields = {name: new for name, new in fields.items() if name in ("goal", "show_and_tell")}
        dates = {name: fields.get(name, getattr(self, name)) for name in ("starts_on", "ends_on", "show_and_tell")}
        Sprint.objects.check_dates(self.team, **dates, besides=self)
        if words := self.rewrite(**fields):
            self.record_change(f"changed the {words}", by=by)

    @transaction.atomic
    def pull(self, stories, *, by, why=""):
        """Take stories in; returns the line of history. Once the sprint is active, each is a change of scope and needs
        a reason."""
        self.hold()
        self.refuse_if_over()
        self._check_why(why)
        stories = contents.hold(stories)
        undo = contents.take_in(self, stories, by=by, why=why)
        begun = contents.start_delivery(stories, by=by) if self.is_active else ""
        return self.record_change(f"pulled in {contents.listed(stories)}{_because(why)}{begun}", by=by, undo=undo)

    @transaction.atomic
    def take_out(self, stories, *, by, why=""):
        """Back to the story backlog. What was started is put back to ready."""
        self.hold()
        self.refuse_if_over()
        self._check_why(why)
        stories = contents.hold(stories)
        contents.take_out(self, stories, by=by, why=why)
        self.record_change(f"took out {contents.listed(stories)}{_because(why)}", by=by)

    @transaction.atomic
    def start(self, *, by):
        """Seal what it holds. One sprint of a team is active at a time."""
        self.hold()
        if not self.is_planned:
            raise ValidationError(f"{self} is {self.get_state_display().lower()}, so it cannot be started")
        Team.objects.select_for_update(no_key=True).get(pk=self.team_id)
        stories = contents.hold(contents.stories_of(self))
        if problems := self.not_ready(stories):
            raise ValidationError(problems)
        now = timezone.now()
        points = contents.seal(self, stories)
        self.state, self.started_at, self.started_by, self.sealed_goal = State.ACTIVE, now, by, self.goal
        self.save_changes("state", "started_at", "started_by", "sealed_goal")
        begun = contents.start_delivery(stories, by=by)
        self.record_change(f"started the sprint with {contents.counted(len(stories), points)}{begun}", by=by)

    @transaction.atomic
    def close(self, result, note, destinations, *, by):
        """Judge the goal, freeze the figures and send what is not done on: `destinations` says where, by reference."""
        self.hold()
        if not self.is_active:
            raise ValidationError("Only an active sprint can be closed")
        if result not in GoalResult.values or not note:
            raise ValidationError("Say whether the goal was met, and why in a sentence")
        unfinished = contents.hold(contents.stories_of(self).open())
        for story in unfinished:
            if destinations.get(story.reference) not in Destination.values:
                raise ValidationError(f"Choose where {story} goes")
        going_on = [story for story in unfinished if destinations[story.reference] == Destination.NEXT]
        self._end(State.CLOSED, by=by, goal_result=result, goal_note=note)
        contents.freeze(self, destinations)
        contents.put_down([story for story in unfinished if story not in going_on], by=by)
        self.record_change(f"closed the sprint: goal {GoalResult(result).label.lower()}. {note}", by=by)
        if going_on:
            Sprint.objects.next_for(self.team, by=by).pull(going_on, by=by)

    @transaction.atomic
    def cancel(self, reason, *, by):
        """Give it up: what is not done goes back to the backlog."""
        self.hold()
        self.refuse_if_over()
        if not reason:
            raise ValidationError({"reason": "Say why the sprint is cancelled"})
        unfinished = contents.hold(contents.stories_of(self).open())
        self._end(State.CANCELLED, by=by, goal_note=reason)
        contents.freeze(self, {})
        contents.put_down(unfinished, by=by)
        self.record_change(f"cancelled the sprint: {reason}", by=by)

    # --- What stands in the way

    def not_ready(self, stories) -> list:
        """What keeps it from being started, in sentences."""
        active = Sprint.objects.active_in(self.team)
        checks = [
            (not self.goal, "Give the sprint a goal"),
            (not stories, "Pull in at least one story"),
            (self.ends_on < timezone.localdate(), "The last day is over. Change the dates"),
            (active, f"{active} is still active. Close it first"),
        ]
        return [sentence for stands_in_the_way, sentence in checks if stands_in_the_way] + contents.not_ready(stories)

    def refuse_if_over(self):
        if self.is_over:
            raise ValidationError(f"{self} is {self.get_state_display().lower()}, so nothing in it changes any more")

    def _check_why(self, why):
        if self.is_active and not why:
            raise ValidationError({"why": "Say why the scope changes: the sprint has started"})

    # --- How it is written

    def hold(self):
        """Read it again and keep it until the transaction ends: what happens to a sprint happens in some order."""
        [now] = _held(self.pk)
        for name, value in now.items():
            setattr(self, name, value)

    def _end(self, state, *, by, **words):
        """A sprint that ends early gives the days it did not use back."""
        now = timezone.now()
        ends_on = max(self.starts_on, min(self.ends_on, timezone.localdate(now)))
        if calendar.working_days_between(self.starts_on, ends_on, self.team.division, self.team.days_closed()):
            self.ends_on = ends_on
        if self.started_at:
            days, steps = [day.isoformat() for day in self.working_days()], steps_of(self)
            self.record = {"days": days, "steps": [step.to_json() for step in steps]}
            self.points_done = ledger(steps)[-1].done
        words |= {"state": state, "closed_at": now, "closed_by": by}
        for name, value in words.items():
            setattr(self, name, value)
        self.save_changes("ends_on", "record", "points_done", *words)

    def record_change(self, words, *, by, undo=None):
        facts = {"label": f"{self.team} sprint {self.number}", "url": self.get_absolute_url(), "undo": undo}
        return Change.objects.record(self, words, by=by, team=self.team, **facts)


def _because(why):
    return f", because: {why}" if why else ""


@prepared
def _held(sprint: int):
    facts = ["state", "goal", "starts_on", "ends_on", "started_at", "version"]
    return Sprint.objects.select_for_update(no_key=True).filter(pk=sprint).values(*facts)
