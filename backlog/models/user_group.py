from django.db import models
from django.db.models.functions import Lower

from teams.models import Team


class AccessNeed(models.TextChoices):
    SEEING = "seeing", "Seeing"
    HEARING = "hearing", "Hearing"
    MOVING = "moving", "Moving"
    UNDERSTANDING = "understanding", "Thinking and understanding"
    SPEAKING = "speaking", "Speaking"


class UserGroupQuerySet(models.QuerySet):
    def named(self, team, name):
        """The team's group of that name, in any case; made where there is none."""
        found = self.filter(team=team, name__iexact=name).first()
        if found is None:
            self.bulk_create([UserGroup(team=team, name=name)], ignore_conflicts=True)  # two may name it at once
            found = self.get(team=team, name__iexact=name)
        return found


class UserGroup(models.Model):
    """A kind of user that a team works for. It comes to be by being named on a story."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="user_groups")
    name = models.CharField(max_length=80)

    objects = UserGroupQuerySet.as_manager()

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [models.UniqueConstraint("team", Lower("name"), name="user_group_name_is_unique_in_team")]

    def __str__(self):
        return self.name
