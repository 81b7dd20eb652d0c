"""How this morning's digests go in every team of a programme: states and figures, and nobody's words."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count

from sprints.models import DigestRun, DigestSettings
from sprints.sending import Hours
from sprints.telling import DIGESTS
from teams.calendar import LOCAL, local_today
from teams.models import OutgoingMail, Team

State = OutgoingMail.State
COLUMNS = {  # what its letters are, as the page tells it
    State.WAITING: "waiting",
    State.CLAIMED: "waiting",
    State.DATA: "waiting",
    State.SENT: "sent",
    State.FAILED: "in_doubt",
    State.UNKNOWN: "in_doubt",
}


@dataclass
class TeamMorning:
    team: Team
    settings: DigestSettings
    run: DigestRun | None
    letters: dict  # column → how many
    now: object

    @property
    def state(self) -> str:
        if self.run:
            return self.run.get_state_display()
        hours = Hours(self.settings.hour, self.team.division, self.team.days_closed())
        if not self.settings.is_on:
            return "Switched off"
        if not hours.works_on(local_today(self.now)):
            return "Not a working day"
        return "Due" if hours.is_due(self.now) else "Not yet"

    @property
    def is_late(self) -> bool:
        return self.state in ("Due", DigestRun.State.MISSED.label)


def mornings_of(programme, now) -> list:
    """As many statements for a hundred teams as for one."""
    teams = list(programme.teams.in_use().select_related("digest_settings").prefetch_related("closures"))
    runs = {run.team_id: run for run in DigestRun.objects.on(local_today(now)).filter(team__in=teams)}
    letters = letters_of(teams, now)
    return [
        TeamMorning(team, DigestSettings.objects.of(team), runs.get(team.pk), letters[team.pk], now) for team in teams
    ]


def letters_of(teams, now) -> dict:
    """Team → column → how many of the letters that were written today."""
    midnight = now.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    written = OutgoingMail.objects.filter(kind__in=DIGESTS, team__in=teams, made_at__gte=midnight)
    counts = defaultdict(lambda: defaultdict(int))
    for team, state, number in written.order_by().values_list("team", "state").annotate(Count("pk")):
        if state in COLUMNS:
            counts[team][COLUMNS[state]] += number
    return counts
