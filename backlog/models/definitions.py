from django.db import models, transaction

from teams.models import Change, Team, Versioned
from teams.models.versioned import plain

READY = """We know who needs it, what they need and what for
It says how anybody can tell that it is done
The people who do the work have sized it, and it fits into one sprint
We know the research or the request that it comes from
Nothing that we wait for keeps us from starting"""
DONE = """Every acceptance criterion is met
Somebody else in the team has tried it
It works with a keyboard alone and with a screen reader
It works on a phone
The words are plain and were checked
What has to be watched or supported afterwards has somebody who does it"""
LONGEST = 2000


class DefinitionsQuerySet(models.QuerySet):
    def of(self, team):
        """The team's own, or those every team begins with, not yet saved."""
        return self.filter(team=team).first() or Definitions(team=team)

    def kept(self, team):
        """The team's own; those every team begins with are saved where there are none."""
        self.bulk_create([Definitions(team=team)], ignore_conflicts=True)
        return self.get(team=team)


class Definitions(Versioned):
    """When a story of the team is ready to be started, and when it is done: two lists that the team agreed on."""

    team = models.OneToOneField(Team, models.CASCADE, related_name="definitions")
    ready = models.TextField("Definition of Ready", default=READY, max_length=LONGEST)
    done = models.TextField("Definition of Done", default=DONE, max_length=LONGEST)

    objects = DefinitionsQuerySet.as_manager()

    def __str__(self):
        return f"What {self.team} calls ready and done"

    @property
    def ready_lines(self) -> list[str]:
        return _lines(self.ready)

    @property
    def done_lines(self) -> list[str]:
        return _lines(self.done)

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Raises Conflict when somebody saved since they were read."""
        changed = [name for name, new in fields.items() if plain(getattr(self, name)) != plain(new)]
        for name in changed:
            setattr(self, name, fields[name])
        if changed:
            self.save_changes(*changed)
            names = " and ".join(self._meta.get_field(name).verbose_name for name in changed)
            words = f"changed the {names}"
            Change.objects.record(self, words, by=by, team=self.team, url=self.team.get_absolute_url())


def _lines(text) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
