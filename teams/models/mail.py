import datetime as dt
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils import timezone

from .team import Team
from .user import User

A_DAY = dt.timedelta(days=1)
SECRETS_KEPT_FOR = dt.timedelta(hours=1)
KEPT_FOR = dt.timedelta(days=30)
FIRST_WAIT, LONGEST_WAIT = dt.timedelta(seconds=30), dt.timedelta(minutes=15)


class OutgoingMailQuerySet(models.QuerySet):
    """Leases are counted by the clock of the database, the only one that all workers share."""

    def due(self):
        return self.filter(state=OutgoingMail.State.WAITING, not_before__lte=Now(), give_up_at__gt=Now())

    @transaction.atomic
    def claim(self, limit):
        """Take letters in hand. They are ours for `MAIL_LEASE`; no other worker can take the same ones."""
        letters = list(self.due().select_for_update(skip_locked=True).order_by("not_before", "id")[:limit])
        claim = uuid.uuid4()
        for letter in letters:
            letter.state, letter.claim = OutgoingMail.State.CLAIMED, claim
        self.filter(pk__in=[letter.pk for letter in letters]).update(
            state=OutgoingMail.State.CLAIMED, claim=claim, claimed_at=Now()
        )
        return letters

    def put_back(self, claim):
        """Letters that this claim did not get round to wait again, as if nobody had taken them."""
        return self.filter(claim=claim, state=OutgoingMail.State.CLAIMED).update(
            state=OutgoingMail.State.WAITING, claim=None, claimed_at=None
        )

    def abandoned(self):
        """In the hands of a worker that has died or stands still."""
        return self.filter(state__in=OutgoingMail.IN_HAND, claimed_at__lt=Now() - settings.MAIL_LEASE)

    def take_back_unsent(self):
        """Their body never went out, for it may only after the fence."""
        return (
            self.abandoned()
            .filter(state=OutgoingMail.State.CLAIMED)
            .update(state=OutgoingMail.State.WAITING, claim=None, claimed_at=None)
        )

    def mark_unknown(self):
        """Their body may have gone out: only a person may send these again."""
        return (
            self.abandoned()
            .filter(state=OutgoingMail.State.DATA)
            .update(
                state=OutgoingMail.State.UNKNOWN, settled_at=Now(), problem="The worker stopped while handing it over"
            )
        )

    def give_up(self):
        return self.filter(state=OutgoingMail.State.WAITING, give_up_at__lte=Now()).update(
            state=OutgoingMail.State.FAILED,
            settled_at=Now(),
            problem=Case(When(problem="", then=Value("Could not be sent in time")), default=F("problem")),
        )

    def call_off(self):
        """They have not left, and need not any more."""
        return self.filter(state=OutgoingMail.State.WAITING).update(
            state=OutgoingMail.State.CANCELLED, settled_at=Now()
        )

    def empty_secrets(self):
        old = self.filter(secret=True, made_at__lt=Now() - SECRETS_KEPT_FOR).exclude(text="", html="")
        return old.update(text="", html="")

    def longest_wait(self) -> int:
        """Seconds for which the letter that is due longest has been due."""
        since = self.due().aggregate(first=models.Min("not_before"))["first"]
        return max(0, int((timezone.now() - since).total_seconds())) if since else 0

    def unknown(self):
        return self.filter(state=OutgoingMail.State.UNKNOWN)

    def failed(self):
        return self.filter(state=OutgoingMail.State.FAILED)

    def that_need_a_person(self):
        """Nobody knows whether they arrived, or they certainly did not."""
        return self.filter(state__in=[OutgoingMail.State.UNKNOWN, OutgoingMail.State.FAILED]).order_by("made_at")

    def unsettled(self):
        return self.filter(state__in=[OutgoingMail.State.WAITING, *OutgoingMail.IN_HAND])

    def newest_first(self):
        return self.order_by("-made_at", "-pk")

    def forget_old(self):
        return self.filter(settled_at__lt=Now() - KEPT_FOR).delete()


class OutgoingMail(models.Model):
    """One letter to one person: its words, and how far it has come.

    waiting → claimed → data → sent, or back to waiting, failed, unknown. Between `claimed` and `data` lies the
    fence: whoever passes it is the only one who may send the body, and nobody ever sends it a second time, so a
    letter is never doubled and a doubtful one is `unknown`. teams/mail.py speaks to the mail server.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        CLAIMED = "claimed", "Claimed"
        DATA = "data", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        UNKNOWN = "unknown", "Unknown"
        CANCELLED = "cancelled", "Cancelled"

    IN_HAND = [State.CLAIMED, State.DATA]

    kind = models.CharField(max_length=40)  # "invitation", "password reset", …
    to = models.EmailField()
    user = models.ForeignKey(User, models.SET_NULL, null=True, related_name="letters")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, related_name="letters")  # whose business it tells
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    secret = models.BooleanField(default=False)  # carries a token: emptied once sent, or after an hour
    dedupe = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - null means "may repeat"
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now)
    give_up_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before", "id"], name="mail_waiting", condition=Q(state="waiting")),
            models.Index(fields=["claimed_at"], name="mail_in_hand", condition=Q(state__in=["claimed", "data"])),
            models.Index(fields=["state", "-made_at"], name="mail_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="mail_in_hand_says_whose",
                condition=~Q(state__in=["claimed", "data"]) | Q(claim__isnull=False, claimed_at__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"  # without the address, so that it can stand in a log

    def pass_the_fence(self) -> bool:
        """Committed before the body goes out. False: the lease was lost, the letter is another worker's."""
        return self._move([self.State.CLAIMED], self.State.DATA, claimed_at=Now())

    def was_sent(self):
        self._settle(self.State.SENT, problem="", **self._without_secrets())

    def was_refused(self, problem):
        self._settle(self.State.FAILED, problem=problem)

    def is_in_doubt(self, problem):
        self._settle(self.State.UNKNOWN, problem=problem)

    def send_again(self):
        """Somebody has found out that it did not arrive, or would rather have it arrive twice."""
        if self.state not in {self.State.UNKNOWN, self.State.FAILED}:
            raise ValidationError("Only letters that are unknown or failed can be sent again")
        if not self.text:
            raise ValidationError("Its words carried a secret and are no longer kept: have a new one written")
        now = timezone.now()
        self._move(
            [self.state],
            self.State.WAITING,
            claim=None,
            claimed_at=None,
            settled_at=None,
            not_before=now,
            give_up_at=now + A_DAY,
            problem="",
        )

    def try_again(self, problem):
        """The mail server has certainly not taken it: once more after a while, unless it is then too late."""
        not_before = timezone.now() + wait_after(self.attempts + 1)
        if not_before >= self.give_up_at:
            return self.was_refused(problem)
        self._move(
            [self.State.CLAIMED, *self.SETTLED_BY_ITS_SENDER],
            self.State.WAITING,
            claim=None,
            claimed_at=None,
            settled_at=None,
            not_before=not_before,
            attempts=F("attempts") + 1,
            problem=problem[:200],
        )

    # A worker that stood still past its lease may yet come with proof, and so clear a letter called unknown.
    SETTLED_BY_ITS_SENDER = [State.DATA, State.UNKNOWN]

    def _settle(self, state, problem, **changes):
        self._move(
            [self.State.CLAIMED, *self.SETTLED_BY_ITS_SENDER],
            state,
            settled_at=Now(),
            attempts=F("attempts") + 1,
            problem=problem[:200],
            **changes,
        )

    def _move(self, before, after, **changes):
        mine = OutgoingMail.objects.filter(pk=self.pk, claim=self.claim, state__in=before)
        return mine.update(state=after, **changes) == 1

    def _without_secrets(self):
        """In the demo the outbox is also the mailbox (settings.MAIL_STAYS_HERE), where links must be readable."""
        return {"text": "", "html": ""} if self.secret and not settings.MAIL_STAYS_HERE else {}


def wait_after(attempts: int) -> dt.timedelta:
    return min(FIRST_WAIT * 2 ** (min(attempts, 10) - 1), LONGEST_WAIT)
