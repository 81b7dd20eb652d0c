import datetime as dt

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from teams.prepared import prepared

from .programme import Programme
from .team import Team
from .user import User

UNDO_FOR = dt.timedelta(days=7)
ON_A_PAGE = 50  # the page of one thing


class ChangeQuerySet(models.QuerySet):
    def about(self, thing):
        """Everything that happened to one thing, newest first."""
        return self.filter(kind=thing._meta.label_lower, thing_id=thing.pk).order_by("-at", "-pk")

    def latest_about(self, thing) -> list:
        """What the page of one thing shows of its history."""
        return _latest_about(thing._meta.label_lower, thing.pk)

    def newest_first(self):
        return self.order_by("-at", "-pk")

    def older_than(self, change):
        """The keyset of a history page: what comes after one line of it."""
        return self.newest_first().filter(Q(at__lt=change.at) | Q(at=change.at, pk__lt=change.pk))

    def of_settings(self):
        """What happened to places and people, without a word of the backlog: all that an administrator may read."""
        return self.filter(kind__startswith="teams.")

    def latest_in_teams(self, teams, each) -> dict:
        """The newest few of each team, by team: as many index look-ups as teams, in one statement."""
        newest = Change.objects.filter(team=OuterRef("pk")).newest_first().values("pk")[:each]
        keys = Team.objects.filter(pk__in=[team.pk for team in teams]).values_list(ArraySubquery(newest), flat=True)
        found = {team.pk: [] for team in teams}
        for change in self.filter(pk__in=[key for several in keys for key in several]).newest_first():
            found[change.team_id].append(change)
        return found

    def record(self, thing, words, *, by, team=None, programme=None, label="", url="", undo=None):
        """Write one line of history.

        `words` is a sentence without its subject ("scored 8 ÷ 2 = 4.00"). `undo` holds what a later undo needs;
        without it the change cannot be taken back.
        """
        return self.create(
            kind=thing._meta.label_lower,
            thing_id=thing.pk,
            label=label or str(thing),
            url=url,
            words=words,
            who=by,
            who_name=by.name if by else "Throughline",
            team=team,
            programme=programme or (team.programme if team else None),
            undo=undo,
        )

    def record_many(self, lines, *, by):
        """One line for each (thing of a team, words), in few statements and without undo."""
        return self.bulk_create(
            [
                Change(
                    kind=thing._meta.label_lower,
                    thing_id=thing.pk,
                    label=str(thing)[:200],
                    url=thing.get_absolute_url(),
                    words=words,
                    who=by,
                    who_name=by.name,
                    team_id=thing.team_id,
                    programme_id=thing.programme_id,
                )
                for thing, words in lines
            ],
            batch_size=1000,
        )


class Change(models.Model):
    """Who did what to which thing, as text, so that anything can be remembered without importing it.

    Rows are only ever added; `undone_at` and redaction are the two exceptions.
    """

    at = models.DateTimeField(default=timezone.now)
    who = models.ForeignKey(User, models.SET_NULL, null=True, related_name="changes")
    who_name = models.CharField(max_length=100)  # as it was: a leaver's name stays
    programme = models.ForeignKey(Programme, models.CASCADE, null=True, related_name="changes")
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="changes")
    kind = models.CharField(max_length=60)
    thing_id = models.BigIntegerField()
    label = models.CharField(max_length=200)
    url = models.CharField(max_length=200, blank=True)
    words = models.TextField()
    undo = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kind", "thing_id", "-at"], name="change_of_a_thing"),
            models.Index(fields=["team", "-at"], name="change_in_a_team"),
            models.Index(fields=["programme", "-at"], name="change_in_a_programme"),
        ]

    def __str__(self):
        return f"{self.who_name} {self.words}"

    @property
    def may_still_be_undone(self):
        """Young enough and not undone; whether the thing has changed since is the thing's own question."""
        return self.undo is not None and self.undone_at is None and timezone.now() - self.at <= UNDO_FOR


@prepared
def _latest_about(kind: str, pk: int):
    return Change.objects.filter(kind=kind, thing_id=pk).newest_first()[:ON_A_PAGE]
