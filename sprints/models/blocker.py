import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from backlog.models import Story
from teams.calendar import working_days_after
from teams.models import Change, Team, User, Versioned

from . import blocker_letters as letters
from .blocker_rights import RIGHTS
from .blocker_rows import BlockerQuerySet
from .blocker_states import IN_HAND, OPEN, POSSIBLE_IN, Category, Impact, State

LONGEST_WAIT = dt.timedelta(days=366)
NOT_ESCALATED = {"escalated_to": None, "ask": "", "answer_by": None, "escalated_at": None}
NOBODY_ASKED = Q(escalated_to=None, ask="", answer_by=None, escalated_at=None)
SOMEBODY_ASKED = ~Q(ask="") & Q(escalated_to__isnull=False, answer_by__isnull=False, escalated_at__isnull=False)

TOLD_AS = {  # what the history says of a field whose label is no noun
    "needed": "what we need",
    "risks_goal": "whether it puts the sprint goal at risk",
    "waiting_on": "who it waits for",
    "expected_by": "when it is expected",
}


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
    story = models.ForeignKey(Story, models.PROTECT, null=True, blank=True, related_name="+")  # that it holds up

    state = models.CharField(max_length=10, choices=State, default=State.RAISED, editable=False)
    raised_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    raised_on = models.DateField(editable=False)  # the local date, from which its age is counted
    raised_at = models.DateTimeField(editable=False)
    owner = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    escalated_to = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+")
    ask = models.CharField(max_length=300, blank=True, editable=False)
    answer_by = models.DateField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)  # the last time, by whoever was asked
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
        return reverse("sprints:blocker", args=[self.team.slug, self.number])

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

    def waited_on(self, day: dt.date) -> int:
        """Its age, or working days since it was answered: to escalate it again is due after as many as the first
        time."""
        if not self.answered_at:
            return self.age_on(day)
        return working_days_after(
            timezone.localdate(self.answered_at), day, self.team.division, self.team.days_closed()
        )

    def quiet_on(self, day: dt.date) -> int:
        """Working days since somebody last said anything about it."""
        since = timezone.localdate(self.last_update_at)
        return working_days_after(since, day, self.team.division, self.team.days_closed())

    # --- Who may do what with it

    def allows(self, verb, user, standing) -> bool:
        """Whether it is theirs to do, now or in another state."""
        return any(holds(self, user, standing) for holds in RIGHTS[verb])

    def may(self, verb, user, standing) -> bool:
        """Whether they can do it now: what a page offers."""
        return self.state in POSSIBLE_IN[verb] and self.allows(verb, user, standing)

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change its words and facts. Raises Conflict when somebody saved since it was read."""
        self._refuse_unless_possible("edit")
        if words := self.rewrite(**fields):
            self._set(f"changed {words}", by=by)

    def _rewritten(self, name, new):
        words, label = super()._rewritten(name, new), self._meta.get_field(name).verbose_name
        return TOLD_AS.get(name, f"the {label}") + words.removeprefix(label)

    def take(self, *, by):
        """Make it mine: what nobody owns, anybody in the team may take."""
        if self.owner and self.is_open:
            raise ValidationError(f"{'You own' if self.owner == by else f'{self.owner} owns'} it already")
        self._do("take", "took it", by=by, state=State.OWNED, owner=by)

    @transaction.atomic
    def assign(self, owner, *, by):
        """Give it to somebody in the team. Another owner leaves an escalation as it is."""
        if not self.team.memberships.current().filter(user=owner).exists():
            raise ValidationError({"owner": "Choose somebody in the team"})
        state = self.state if self.is_escalated else State.OWNED
        self._do("assign", f"gave it to {owner}", by=by, state=state, owner=owner)
        letters.given(self, by)

    @transaction.atomic
    def escalate(self, to, ask, answer_by, *, by):
        """Ask somebody who can unblock it, outside the team perhaps, for one thing by a date."""
        today = timezone.localdate()
        if not today <= answer_by <= today + LONGEST_WAIT:
            raise ValidationError({"answer_by": "The date must be today or later, and within a year"})
        if to not in self.people_to_ask():
            raise ValidationError({"to": "Choose somebody in the team, or a service lead of its programme"})
        words = f"escalated it to {to}, to answer by {answer_by.day} {answer_by:%B %Y}: {ask}"
        asked = {"escalated_to": to, "ask": ask, "answer_by": answer_by, "escalated_at": timezone.now()}
        self._do("escalate", words, by=by, state=State.ESCALATED, **asked)
        letters.escalated(self, by)

    @transaction.atomic
    def hand_back(self, answer, *, by):
        """Back to its owner, with what the one who was asked has to say: the answer stands among the updates."""
        answered = {"answered_at": timezone.now()} if by == self.escalated_to else {}
        words = f"handed it back: {answer}"
        self._do("hand_back", words, by=by, state=State.OWNED, **NOT_ESCALATED, **answered)
        self.updates.create(text=answer, author=by, author_name=by.name)
        letters.handed_back(self, answer, by)

    def resolve(self, how, *, by):
        self._do("resolve", f"resolved it: {how}", by=by, state=State.RESOLVED, how=how, resolved_at=timezone.now())

    def withdraw(self, *, by):
        """It was no blocker after all."""
        self._do("withdraw", "withdrew it", by=by, state=State.WITHDRAWN, withdrawn_at=timezone.now())

    def reopen(self, *, by):
        """It blocks again: it keeps the day it was first raised."""
        is_here = self.owner_id and self.team.memberships.current().filter(user=self.owner_id).exists()
        again = {"resolved_at": None, "how": "", "reopened_at": timezone.now()} | NOT_ESCALATED
        owner = self.owner if is_here else by
        self._do("reopen", "reopened it", by=by, state=State.OWNED, owner=owner, **again)

    def confirm(self, *, by):
        """Still blocked, says somebody at the stand-up."""
        self._do("confirm", "said that it still blocks", by=by)

    @transaction.atomic
    def say(self, text, *, by):
        """Add an update. It is news, so that nobody asks whether this still blocks."""
        self._refuse_unless_possible("say")
        Blocker.objects.filter(pk=self.pk).update(last_update_at=timezone.now())
        return self.updates.create(text=text, author=by, author_name=by.name)

    def updates_since_escalated(self):
        """What whoever was asked may read: not what the team said among itself before."""
        return self.updates.filter(at__gte=self.escalated_at) if self.escalated_at else self.updates.none()

    def people_in_team(self):
        current = Q(memberships__team=self.team_id, memberships__left_at=None)
        return User.objects.filter(current, is_active=True).order_by("name", "pk")

    def people_to_ask(self):
        """Whom it can be escalated to: those in the team, and the service leads of its programme."""
        in_team = Q(memberships__team=self.team_id, memberships__left_at=None)
        leads = Q(led_services__service__programme=self.team.programme_id)
        return User.objects.filter(in_team | leads, is_active=True).distinct().order_by("name", "pk")

    def record(self, words, *, by):
        label = f"Blocker {self.number}: {self.title}"[:200]
        return Change.objects.record(self, words, by=by, team=self.team, label=label, url=self.get_absolute_url())

    # --- How it is written

    def _do(self, verb, words, *, by, **fields):
        self._refuse_unless_possible(verb)
        self._set(words, by=by, **fields)

    def _refuse_unless_possible(self, verb):
        if self.state not in POSSIBLE_IN[verb]:
            raise ValidationError(f"It is “{self.get_state_display().lower()}” now, so this can no longer be done")

    @transaction.atomic
    def _set(self, words, *, by, **fields):
        """One write and one line of history; raises Conflict when the row has moved on."""
        fields["last_update_at"] = timezone.now()
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        self.record(words, by=by)
