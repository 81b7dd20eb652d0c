from django.db import models, transaction
from django.db.models import Q

from teams.models import Change, Team, Versioned

MOST = 60  # working days; later than that nobody waits for a reminder


class BlockerLimitsQuerySet(models.QuerySet):
    def of(self, team):
        """A team's own limits, or the usual ones."""
        return self.filter(team=team).first() or self.model(team=team)

    def of_each(self, teams) -> dict:
        """By team; those without limits of their own have the usual ones."""
        own = {limits.team_id: limits for limits in self.filter(team__in=teams)}
        return {team.pk: own.get(team.pk) or self.model(team=team) for team in teams}


class BlockerLimits(Versioned):
    """After how many working days a team is reminded of a blocker: its own choice, for no standard exists."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="blocker_limits")
    ageing = models.PositiveSmallIntegerField("days until a blocker is ageing", default=2)
    escalate = models.PositiveSmallIntegerField("days until escalation is due", default=5)
    escalate_goal = models.PositiveSmallIntegerField("days until it is due when the goal is at risk", default=2)
    quiet = models.PositiveSmallIntegerField("days without an update until we ask", default=3)

    objects = BlockerLimitsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="blocker_limits_are_days",
                condition=Q(ageing__range=(1, MOST))
                & Q(escalate__range=(1, MOST))
                & Q(escalate_goal__range=(1, MOST))
                & Q(quiet__range=(1, MOST)),
            )
        ]

    def __str__(self):
        return "When we are reminded of blockers"

    @transaction.atomic
    def edit(self, *, by, **fields):
        if not self.pk:
            row, _ = BlockerLimits.objects.get_or_create(team=self.team)
            self.pk = row.pk
        if words := self.rewrite(**fields):
            Change.objects.record(self, f"changed the {words}", by=by, team=self.team)
