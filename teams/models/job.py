import uuid
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from .team import Team
from .user import User

TRIES = 3


class LostJob(Exception):
    """Another worker has taken the job up, because this one was silent for too long. Stop, and apply nothing."""


class JobQuerySet(models.QuerySet):
    def ask(self, kind, *, by, team=None, work=None):
        """Have long work done in the background: `settings.JOBS[kind]` is called with the row, within seconds."""
        return self.create(kind=kind, asked_by=by, team=team, work=work or {})

    def to_take_up(self):
        """Nobody's yet, or silent for longer than a lease: its worker has died."""
        silent = Q(state=Job.State.RUNNING, beat_at__lt=Now() - settings.JOB_LEASE)
        return self.filter(Q(state=Job.State.WAITING) | silent)

    @transaction.atomic
    def take(self):
        """The oldest job that needs a worker, now ours. None when there is none."""
        self.to_take_up().filter(attempts__gte=TRIES).update(
            state=Job.State.FAILED, finished_at=Now(), problem="The work stopped part of the way, three times"
        )
        job = self.to_take_up().select_for_update(skip_locked=True, of=["self"]).order_by("asked_at", "id").first()
        if job:
            job.state, job.claim = Job.State.RUNNING, uuid.uuid4()
            self.filter(pk=job.pk).update(
                state=job.state, claim=job.claim, beat_at=Now(), attempts=F("attempts") + 1, done=0, total=0
            )
        return job


class Job(models.Model):
    """Long work with progress. The row says what is to be done; a Celery message only says "look"."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="jobs")
    asked_by = models.ForeignKey(User, models.CASCADE, related_name="jobs")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    work = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)  # a sentence for the person who asked
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    beat_at = models.DateTimeField(null=True)  # a running job whose beat is old lost its worker
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="job_to_do",
                condition=models.Q(state__in=["waiting", "running"]),
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    def progress(self, done, total):
        """Say how far it is, and that its worker lives: at least once a minute.

        Raises LostJob when another worker has it. Called last in the transaction that applies the work, it makes sure
        that a worker which stood still for a while does not apply it a second time.
        """
        self.done, self.total = done, total
        self._write(done=done, total=total, beat_at=Now())

    @contextmanager
    def aloud(self):
        """Gives a `say(done, total)` that is heard at once, from inside a transaction that stays open for long.

        It needs a connection of its own. Call `progress` last all the same: only that takes part in the transaction.
        """
        aside = connection.copy()

        def say(done, total):
            with aside.cursor() as cursor:
                words = "UPDATE teams_job SET done = %s, total = %s, beat_at = now() WHERE id = %s AND claim = %s"
                cursor.execute(words, [done, total, self.pk, self.claim])

        try:
            yield say
        finally:
            aside.close()

    def finish(self):
        self._write(state=self.State.DONE, finished_at=Now(), problem="")

    def fail(self, problem):
        self._write(state=self.State.FAILED, finished_at=Now(), problem=problem)

    @property
    def is_over(self):
        return self.state in {self.State.DONE, self.State.FAILED}

    def _write(self, **changes):
        mine = Job.objects.filter(pk=self.pk, claim=self.claim, state=self.State.RUNNING)
        if not mine.update(**changes):
            raise LostJob(str(self))
