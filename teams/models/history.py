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
QUOTED_WITHIN = str.maketrans("“”", "‘’")  # a quote within a quote
LOOKED_THROUGH = 4  # times as many as a short list shows, for what is told together


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

    def told_lately(self, most) -> list:
        """The newest few, told together where they can be."""
        return told_together(self.newest_first()[: most * LOOKED_THROUGH])[:most]

    def latest_in_teams(self, teams, each) -> dict:
        """The latest of each team, by team: as many index look-ups as teams, in one statement."""
        newest = Change.objects.filter(team=OuterRef("pk")).newest_first().values("pk")[: each * LOOKED_THROUGH]
        keys = Team.objects.filter(pk__in=[team.pk for team in teams]).values_list(ArraySubquery(newest), flat=True)
        found = {team.pk: [] for team in teams}
        for change in self.filter(pk__in=[key for several in keys for key in several]).newest_first():
            found[change.team_id].append(change)
        return {team: told_together(changes)[:each] for team, changes in found.items()}

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

    told_with = ()  # the names of others who did the same

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
    def who_in_words(self) -> str:
        """ "Hal", "Hal and Wren", "Hal, Wren and 3 others"."""
        if len(self.told_with) < 2:
            return " and ".join([self.who_name, *self.told_with])
        next_one, *others = self.told_with
        return f"{self.who_name}, {next_one} and {others[0] if len(others) == 1 else f'{len(others)} others'}"

    @property
    def in_quotes(self) -> str:
        return f"“{self.words.translate(QUOTED_WITHIN)}”"

    @property
    def may_still_be_undone(self):
        """Young enough and not undone; whether the thing has changed since is the thing's own question."""
        return self.undo is not None and self.undone_at is None and timezone.now() - self.at <= UNDO_FOR


def told_together(changes) -> list:
    """Changes, newest first, where several people did the same in one place on one day: it is told once, of all.

    A stand-up that ten people post would fill a short list, and hide what else happened.
    """
    told = {}
    for change in changes:
        day = timezone.localdate(change.at)
        same = change.kind, change.label, change.url, change.words, change.undone_at, day
        first = told.setdefault(same, change)
        if change.who_name not in (first.who_name, *first.told_with):
            first.told_with += (change.who_name,)
    return list(told.values())


@prepared
def _latest_about(kind: str, pk: int):
    return Change.objects.filter(kind=kind, thing_id=pk).newest_first()[:ON_A_PAGE]
