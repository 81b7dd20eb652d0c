from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from teams.models import User

from .round import Round


class LongerQuerySet(models.QuerySet):
    def open(self):
        return self.filter(decided_at=None)

    @transaction.atomic
    def ask(self, round_, until, why, *, by):
        """Beyond what the programme allows. An administrator answers; until then nothing changes."""
        round_.insist_it_is_kept()
        if until <= (latest := round_.latest_delete_by()):
            raise ValidationError(
                {"until": f"You may set {latest.day} {latest:%B %Y} and any earlier day yourself: edit the round"}
            )
        Round.objects.select_for_update(of=("self",)).get(pk=round_.pk)  # two who ask at once
        if round_.longer.open().exists():
            raise ValidationError("An administrator has been asked already. Wait for the answer")
        asked = self.create(round=round_, until=until, why=why, asked_by=by)
        round_.record(f"asked to keep the data of the round until {until.day} {until:%B %Y}", by=by)
        return asked


class Longer(models.Model):
    """A wish to keep the data of a round longer than the programme does, and an administrator's answer."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="longer")
    until = models.DateField("keep it until")
    why = models.TextField("why it is needed that long", max_length=500)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    is_granted = models.BooleanField(null=True, editable=False)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = LongerQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["round"], name="asked_once_at_a_time", condition=Q(decided_at=None)),
            models.CheckConstraint(
                name="an_answer_says_who_and_when",
                condition=Q(is_granted=None, decided_by=None, decided_at=None)
                | Q(is_granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.round}, until {self.until}"

    @transaction.atomic
    def decide(self, is_granted, *, by):
        round_ = Round.objects.select_for_update(of=("self",)).select_related("team__programme").get(pk=self.round_id)
        round_.insist_it_is_kept()
        self.refresh_from_db()
        if self.decided_at:
            raise ValidationError("This was answered already")
        self.is_granted, self.decided_by, self.decided_at = is_granted, by, timezone.now()
        self.save(update_fields=["is_granted", "decided_by", "decided_at"])
        if is_granted:
            round_.delete_by = self.until
            round_.save_changes("delete_by")
        answer = "allowed" if is_granted else "refused"
        round_.record(f"{answer} to keep the data of the round until {self.until.day} {self.until:%B %Y}", by=by)
