import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from teams.calendar import working_days_after
from teams.models import Change, Team, User, Versioned
from teams.permissions import Can

from .blocker_rows import BlockerQuerySet
from .blocker_states import COMES_FROM, IN_HAND, OPEN, Category, Impact, State

LONGEST_WAIT = dt.timedelta(days=366)
NOT_ESCALATED = {"escalated_to": None, "ask": "", "answer_by": None, "escalated_at": None}
NOBODY_ASKED = Q(escalated_to=None, ask="", answer_by=None, escalated_at=None)
SOMEBODY_ASKED = ~Q(ask="") & Q(escalated_to__isnull=False, answer_by__isnull=False, escalated_at__isnull=False)


class Blocker(Versioned):
    """Something that stops or slows the team's work. Not a pain point, which is the users' problem."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="blockers")
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(max_length=120)
    needed = models.TextField("what we need", max_length=1000, blank=True)
    category = models.CharField(max_length=20, choices=Category, default=Category.OTHER)
    impact = models.CharField(max_length=10, choices=Impact, default=Impact.STOPS)
    risks_goal = models.BooleanField("puts the sprint goal at risk", default=False)
    waiting_on = models.CharField("waiting on", max_length=100, blank=True)
    expected_by = models.DateField("expected by", null=True, blank=True)

    state = models.CharField(max_length=10, choices=State, default=State.RAISED, editable=False)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    raised_on = models.DateField(editable=False)  # the local date, from which its age is counted
    raised_at = models.DateTimeField(editable=False)
    owner = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    escalated_to = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    ask = models.CharField(max_length=300, blank=True, editable=False)
    answer_by = models.DateField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    resolved_at = models.DateTimeField(null=True, editable=False)
    how = models.CharField("how it was resolved", max_length=300, blank=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    reopened_at = models.DateTimeField(null=True, editable=False)
    last_update_at = models.DateTimeField(editable=False)

    objects = BlockerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="blocker_number_is_unique_in_team"),
            models.CheckConstraint(name="blocker_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="blocker_in_hand_has_an_owner",
                condition=(~Q(state__in=IN_HAND) | Q(owner__isnull=False)) & (~Q(state=State.RAISED) | Q(owner=None)),
            ),
            models.CheckConstraint(name="escalation_is_whole", condition=NOBODY_ASKED | SOMEBODY_ASKED),
            models.CheckConstraint(
                name="escalated_says_to_whom",
                condition=Q(state=State.RESOLVED)
                | Q(state=State.ESCALATED, escalated_to__isnull=False)
                | (~Q(state=State.ESCALATED) & Q(escalated_to=None)),
            ),
            models.CheckConstraint(
                name="resolved_says_when_and_how",
                condition=(Q(state=State.RESOLVED, resolved_at__isnull=False) & ~Q(how=""))
                | (~Q(state=State.RESOLVED) & Q(resolved_at=None, how="")),
            ),
            models.CheckConstraint(
                name="withdrawn_says_when",
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None)),
            ),
            models.CheckConstraint(
                name="blocker_ends_after_it_was_raised",
                condition=Q(resolved_at=None) | Q(resolved_at__gte=F("raised_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "raised_on"], name="open_blockers", condition=Q(state__in=OPEN)),
            models.Index(fields=["team", "-resolved_at"], name="resolved_blockers", condition=Q(state="resolved")),
            models.Index(fields=["escalated_to"], name="blockers_escalated_to"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"/teams/{self.team.slug}/blockers/{self.number}/"

    # --- What it is

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def is_escalated(self):
        return self.state == State.ESCALATED

    @property
    def ended_on(self):
        """The day it stopped ageing, or None."""
        ended_at = self.resolved_at or self.withdrawn_at
        return timezone.localdate(ended_at) if ended_at else None

    def age_on(self, day: dt.date) -> int:
        """Whole working days of its team after the day it was raised, until it was resolved (domain.md §4)."""
        until = min(day, self.ended_on or day)
        return working_days_after(self.raised_on, until, self.team.division, self.team.days_closed())

    def quiet_on(self, day: dt.date) -> int:
        """Working days since somebody last said anything about it."""
        since = timezone.localdate(self.last_update_at)
        return working_days_after(since, day, self.team.division, self.team.days_closed())

    # --- Who may do what with it; each through a door of the team, or as the one it is escalated to

    def may_be_edited_by(self, user, standing):
        return self.is_open and (standing.may(Can.STEER_BLOCKERS) or self._is_theirs(user, standing))

    def may_be_taken_by(self, user, standing):
        return self.state == State.RAISED and standing.may(Can.STAND_UP)

    def may_be_escalated_by(self, user, standing):
        owns = self.owner_id == user.pk and standing.may(Can.STAND_UP)
        return self.state == State.OWNED and (standing.may(Can.STEER_BLOCKERS) or owns)

    def may_be_handed_back_by(self, user, standing):
        return self.is_escalated and (standing.may(Can.TAKE_BACK_BLOCKERS) or self._is_asked_of(user, standing))

    def may_be_resolved_by(self, user, standing):
        if not self.is_open:
            return False
        return (
            standing.may(Can.STEER_BLOCKERS)
            or self._is_theirs(user, standing)
            or (self.is_escalated and self._is_asked_of(user, standing))
        )

    def may_be_withdrawn_by(self, user, standing):
        raised = self.raised_by_id == user.pk and standing.may(Can.STAND_UP)
        return self.state == State.RAISED and (standing.may(Can.TAKE_BACK_BLOCKERS) or raised)

    def may_be_reopened_by(self, user, standing):
        return self.state == State.RESOLVED and standing.may(Can.STAND_UP)

    def _is_theirs(self, user, standing):
        return user.pk in (self.owner_id, self.raised_by_id) and standing.may(Can.STAND_UP)

    def _is_asked_of(self, user, standing):
        return self.escalated_to_id == user.pk and not standing.is_archived

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its words and facts. Raises Conflict when somebody saved since it was read."""
        if not self.is_open:
            raise ValidationError("This blocker is closed. Reopen it to change it")
        if words := self.rewrite(**fields):
            self._set(f"changed the {words}", by=by)

    def take(self, *, by):
        """Make it mine: what nobody owns, anybody in the team may take."""
        if self.state != State.RAISED:
            raise ValidationError(f"{self.owner} owns it already" if self.owner else "It is closed already")
        self._become(State.OWNED, "took it", by=by, owner=by)

    def assign(self, owner, *, by):
        if not self.team.memberships.current().filter(user=owner).exists():
            raise ValidationError("Choose somebody in the team")
        if self.is_escalated:
            return self._set(f"gave it to {owner}", by=by, owner=owner)
        if not self.is_open:
            raise ValidationError("It is closed already. Reopen it first")
        self._become(State.OWNED, f"gave it to {owner}", by=by, owner=owner)

    def escalate(self, to, ask, answer_by, *, by):
        """Ask somebody who can unblock it, outside the team perhaps, for one thing by a date."""
        if not ask:
            raise ValidationError({"ask": "Say what you ask them to do"})
        today = timezone.localdate()
        if not today <= answer_by <= today + LONGEST_WAIT:
            raise ValidationError({"answer_by": "The date must be today or later, and within a year"})
        if to not in self.people_to_ask():
            raise ValidationError({"to": "Choose somebody in the team, or a service lead of its programme"})
        words = f"escalated it to {to}, to answer by {answer_by.day} {answer_by:%B %Y}: {ask}"
        asked = {"escalated_to": to, "ask": ask, "answer_by": answer_by, "escalated_at": timezone.now()}
        self._become(State.ESCALATED, words, by=by, **asked)

    def hand_back(self, answer, *, by):
        """Back to its owner, with what the one who was asked has to say."""
        if not answer:
            raise ValidationError("Say what the team should do next")
        if not self.is_escalated:
            raise ValidationError("It is not escalated to anybody")
        self._become(State.OWNED, f"handed it back: {answer}", by=by, **NOT_ESCALATED)

    def resolve(self, how, *, by):
        if not how:
            raise ValidationError("Say how it was resolved")
        self._become(State.RESOLVED, f"resolved it: {how}", by=by, how=how, resolved_at=timezone.now())

    def withdraw(self, *, by):
        """It was no blocker after all."""
        self._become(State.WITHDRAWN, "withdrew it", by=by, withdrawn_at=timezone.now())

    def reopen(self, *, by):
        """It blocks again: it keeps the day it was first raised."""
        if self.state != State.RESOLVED:
            raise ValidationError("Only a resolved blocker can be reopened")
        is_here = self.owner_id and self.team.memberships.current().filter(user=self.owner_id).exists()
        again = {"resolved_at": None, "how": "", "reopened_at": timezone.now()} | NOT_ESCALATED
        self._become(State.OWNED, "reopened it", by=by, owner=self.owner if is_here else by, **again)

    def confirm(self, *, by):
        """Still blocked, says somebody at the stand-up."""
        if not self.is_open:
            raise ValidationError("It is closed already")
        self._set("said that it still blocks", by=by)

    @transaction.atomic
    def say(self, text, *, by):
        """Add an update. It is news, so that nobody asks whether this still blocks."""
        Blocker.objects.filter(pk=self.pk).update(last_update_at=timezone.now())
        return self.updates.create(text=text, author=by, author_name=by.name)

    def people_to_ask(self):
        """Whom it can be escalated to: those in the team, and the service leads of its programme."""
        in_team = Q(memberships__team=self.team_id, memberships__left_at=None)
        leads = Q(led_services__service__programme=self.team.programme_id)
        return User.objects.filter(in_team | leads, is_active=True).distinct().order_by("name", "pk")

    def record(self, words, *, by):
        label = f"Blocker {self.number}: {self.title}"[:200]
        return Change.objects.record(self, words, by=by, team=self.team, label=label, url=self.get_absolute_url())

    # --- How it is written

    def _become(self, state, words, *, by, **fields):
        if self.state not in COMES_FROM[state]:
            raise ValidationError(f"This blocker is “{self.get_state_display()}”, so this cannot be done")
        self._set(words, by=by, state=state, **fields)

    @transaction.atomic
    def _set(self, words, *, by, **fields):
        """One write and one line of history; raises Conflict when the row has moved on."""
        fields["last_update_at"] = timezone.now()
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        self.record(words, by=by)
