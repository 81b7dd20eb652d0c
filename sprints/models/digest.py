"""What is remembered of each morning: one run a team and day, whatever happens how often and where."""

import datetime as dt

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from teams.models import OutgoingMail, Team

WORDS_KEPT_FOR = dt.timedelta(days=30)  # as long as the letters


class DigestRunQuerySet(models.QuerySet):
    def on(self, day):
        return self.filter(on=day)

    def sent(self):
        return self.filter(state=DigestRun.State.SENT)

    def missed(self):
        return self.filter(state=DigestRun.State.MISSED)

    def newest_first(self):
        return self.order_by("-on")

    def before(self, day):
        return self.filter(on__lt=day)

    def last_cut_offs(self, teams, before) -> dict:
        """Team → the cut-off of the last digest that went to it before a day."""
        rows = self.sent().before(before).filter(team__in=teams).values_list("team").annotate(Max("cut_off"))
        return dict(rows)

    def teams_without(self, day):
        """Teams that want a digest and have had none on that day, as rows of what decides when it goes."""
        run = self.model.objects.on(day).filter(team=OuterRef("pk"))
        teams = Team.objects.in_use().filter(~Exists(run), programme__archived_at=None)
        wanted = teams.filter(Q(digest_settings=None) | Q(digest_settings__is_on=True))
        return wanted.order_by("pk").values_list("pk", "division", "standup_at", "digest_settings__send_at")

    def with_letters(self, runs) -> list:
        """(run, its letters) in one statement, by name."""
        letters = {run.pk: [] for run in runs}
        named = Q(*[Q(dedupe__startswith=run.mark) for run in runs], _connector=Q.OR)
        found = OutgoingMail.objects.filter(named).select_related("user") if runs else []
        for letter in sorted(found, key=lambda one: one.user.name if one.user else ""):
            letters[int(letter.dedupe.split("-")[1])].append(letter)
        return [(run, letters[run.pk]) for run in runs]

    def forget_words(self):
        old = self.filter(cut_off__lt=timezone.now() - WORDS_KEPT_FOR, says__isnull=False)
        return old.update(says=None)


class DigestRun(models.Model):
    """A team's morning: its digest went, there was nothing to say, or it was too late for it.

    `says` freezes what the digest said (sprints/digest.py), so that the page shows what the letter was.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Skipped"
        MISSED = "missed", "Missed"

    team = models.ForeignKey(Team, models.CASCADE, related_name="digest_runs")
    on = models.DateField()  # the local date
    state = models.CharField(max_length=10, choices=State)
    why = models.CharField(max_length=100, blank=True)  # it was skipped or missed
    cut_off = models.DateTimeField()  # what happened later is news to the next one
    made_by = models.UUIDField()  # which of several workers wrote the row
    says = models.JSONField(null=True)

    objects = DigestRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "on"], name="one_digest_a_team_and_day"),
            models.CheckConstraint(
                name="a_digest_that_did_not_go_says_why",
                condition=Q(state="sent", why="") | (~Q(state="sent") & ~Q(why="")),
            ),
        ]
        indexes = [models.Index(fields=["team", "-cut_off"], name="sent_digests", condition=Q(state="sent"))]

    def __str__(self):
        return f"Digest of {self.team} on {self.on}"

    @property
    def mark(self) -> str:
        """What the names of its letters begin with."""
        return f"digest-{self.pk}-"

    def letters(self):
        return OutgoingMail.objects.filter(dedupe__startswith=self.mark)

    def letter_to(self, user):
        return self.letters().filter(dedupe=self.name_of_letter_to(user.pk)).first()

    def name_of_letter_to(self, user_id) -> str:
        return f"{self.mark}{user_id}"


class DigestClock(models.Model):
    """When somebody last looked which digests are due: one row. A morning on which nobody looked until it was too
    late is a missed one, and is only known from here."""

    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_digest_clock", condition=Q(pk=1))]

    @classmethod
    def read(cls, now=None) -> tuple:
        """(when somebody last looked, now), by the clock of the database: the only one that all workers share."""
        cls.objects.get_or_create(pk=1, defaults={"looked_at": now or timezone.now()})
        last, here = cls.objects.values_list("looked_at", Now()).get(pk=1)
        return last, now or here

    @classmethod
    def last_look(cls):
        """None before anybody ever looked."""
        return cls.objects.filter(pk=1).values_list("looked_at", flat=True).first()

    @classmethod
    def looked(cls, now):
        """Never backwards: of two that look at once the later counts."""
        cls.objects.filter(pk=1, looked_at__lt=now).update(looked_at=now)
