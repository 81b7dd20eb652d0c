from django.db import models, transaction
from django.utils import timezone

from .history import Change
from .team import Team
from .user import User


class Letter(models.TextChoices):
    """The kinds of letter that a person can do without, as `post` knows them. All others are sent in any case."""

    DIGEST = "digest", "The morning digest of blockers"
    WAITING_ON_YOU = "waiting on you", "What waits on me, each morning"
    BLOCKER_GIVEN = "blocker given", "Somebody gives me a blocker"
    BLOCKER_ESCALATED = "blocker escalated", "Somebody escalates a blocker to me"
    ESCALATION_DUE = "escalation due", "A blocker of my team is due to be escalated"
    COMMENT_ANSWER = "comment answer", "Somebody answers my comment"
    PLAYBACK_REMINDER = "playback reminder", "A playback waits for my answers"


def describe(kind, team=None) -> str:
    return f"{Letter(kind).label}, {team}" if team else Letter(kind).label


class SwitchedOffQuerySet(models.QuerySet):
    def holds_back(self, kind, user, team=None) -> bool:
        return self.filter(kind=kind, user=user, team=team).exists()

    @transaction.atomic
    def switch(self, kind, user, *, on: bool, team=None):
        """Off: nothing of this kind is written any more, and what waits to be sent is not. May be said twice."""
        kind = Letter(kind)
        rows = self.filter(kind=kind, user=user, team=team)
        if on and rows.delete()[0]:
            Change.objects.record(user, f"switched on letters: {describe(kind, team)}", by=user)
        elif not on and self.get_or_create(kind=kind, user=user, team=team)[1]:
            user.letters.filter(kind=kind, team=team).call_off()
            Change.objects.record(user, f"switched off letters: {describe(kind, team)}", by=user)


class SwitchedOff(models.Model):
    """A kind of letter that a person does not want: of one team, or from wherever."""

    user = models.ForeignKey(User, models.CASCADE, related_name="switched_off")
    kind = models.CharField(max_length=40, choices=Letter)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = SwitchedOffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "team"], nulls_distinct=False, name="a_letter_is_switched_off_once"
            ),
            models.CheckConstraint(
                name="the_digest_is_a_teams",
                condition=models.Q(kind=Letter.DIGEST, team__isnull=False)
                | (~models.Q(kind=Letter.DIGEST) & models.Q(team=None)),
            ),
        ]
