"""Where teams stand, read from the database, as the digests that tell of it."""

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.db.models import Q, prefetch_related_objects
from django.utils.module_loading import import_string

from sprints.digest import Digest, Line, Section
from sprints.models import Blocker, DigestRun, Sprint
from sprints.models.blocker_states import OPEN
from teams.calendar import LOCAL, previous_working_day
from teams.models import Membership

MOST_LINES = 15


def digest_of(team, on, now) -> Digest:
    """What one team's digest says, or would say, on a day."""
    return Situation([team], on, now).digest(team)


class Situation:
    """Where several teams stand at one moment: as many statements for a hundred teams as for one."""

    def __init__(self, teams, on, now):
        self.on, self.now, self.made = on, now, {}
        prefetch_related_objects(teams, "closures")
        self.since = self._since(teams)
        self.blockers = self._by_team(self._blockers(teams), teams)
        self.sprints = {sprint.team_id: sprint for sprint in Sprint.objects.active().filter(team__in=teams)}
        self.at_work = set(Membership.objects.current().filter(team__in=teams).values_list("team", "user"))
        self.asides = [
            (heading, import_string(path)(teams, self.since)) for heading, path in settings.DIGEST_SECTIONS.items()
        ]

    def digest(self, team) -> Digest:
        if team.pk not in self.made:
            self.made[team.pk] = self._digest(team)
        return self.made[team.pk]

    def _digest(self, team):
        blockers = self.blockers[team.pk]
        still = [one for one in blockers if self._is_open(one)]
        gone = [one for one in blockers if not self._is_open(one)]
        sections = [*self._open_sections(still), ("Resolved since the last digest", gone)]
        sprint = self.sprints.get(team.pk)
        if sprint:
            sprint.team = team
        shown, left_out = self._first(sections)
        return Digest(
            team=team.name,
            slug=team.slug,
            on=self.on,
            sections=shown,
            subject=subject(team, still, gone, self.on),
            sprint=_sprint_line(sprint, self.on) if sprint else "",
            goal=sprint.goal if sprint else "",
            left_out=left_out,
            asides=tuple(
                Section(heading, tuple(found[team.pk])) for heading, found in self.asides if found.get(team.pk)
            ),
        )

    def asked_of_others(self, team) -> dict:
        """Person outside the team → what waits on them."""
        asked = defaultdict(list)
        for one in self.blockers[team.pk]:
            if self._is_open(one) and one.is_escalated and (team.pk, one.escalated_to_id) not in self.at_work:
                asked[one.escalated_to].append(one)
        return asked

    def digest_for(self, team, blockers) -> Digest:
        """The service lead's own version: nothing but what they were asked."""
        waiting = tuple(self._line(one, f"{_sentence(one.ask)} By {_day(one.answer_by)}") for one in blockers)
        what = "1 blocker waits on you" if len(waiting) == 1 else f"{len(waiting)} blockers wait on you"
        return Digest(
            team=team.name,
            slug=team.slug,
            on=self.on,
            sections=(Section("Waiting on you", waiting[:MOST_LINES]),),
            subject=f"{team}: {what} – {self.on:%A} {self.on.day} {self.on:%B}",
            left_out=max(0, len(waiting) - MOST_LINES),
            personal=True,
        )

    # --- What there is

    def _since(self, teams) -> dict:
        """Team → its last digest's cut-off; before the first one, the start of its last working day."""
        known = DigestRun.objects.last_cut_offs(teams, before=self.on)
        return {team.pk: known.get(team.pk) or self._last_working_day(team) for team in teams}

    def _last_working_day(self, team):
        day = previous_working_day(self.on, team.division, team.days_closed())
        return dt.datetime.combine(day, dt.time(), LOCAL)

    def _blockers(self, teams):
        """As they stood at this moment: what was raised or closed while we look is for the next digest."""
        closed_since = Q(resolved_at__gte=min(self.since.values())) | Q(withdrawn_at__gt=self.now)
        found = Blocker.objects.filter(Q(state__in=OPEN) | closed_since, team__in=teams, raised_at__lte=self.now)
        return found.select_related("owner", "escalated_to", "story").order_by("raised_on", "pk")

    def _by_team(self, blockers, teams):
        found = {team.pk: [] for team in teams}
        known = {team.pk: team for team in teams}
        for one in blockers:
            one.team = known[one.team_id]
            if self._is_open(one) or one.resolved_at >= self.since[one.team_id]:
                found[one.team_id].append(one)
        return found

    def _is_open(self, blocker):
        ended_at = blocker.resolved_at or blocker.withdrawn_at
        return ended_at is None or ended_at > self.now

    # --- How it is told

    def _open_sections(self, blockers):
        """Each blocker once, under the first heading that fits, oldest first."""
        places = {
            "Needs an owner": self._lacks_owner,
            "Risks the sprint goal": lambda one: one.risks_goal,
            "Escalated": lambda one: one.escalated_to_id is not None,
            "Other open blockers": lambda one: True,
        }
        found = {heading: [] for heading in places}
        for one in blockers:
            found[next(heading for heading, fits in places.items() if fits(one))].append(one)
        return found.items()

    def _first(self, sections):
        """The first lines, and how many were left out."""
        shown, room = [], MOST_LINES
        for heading, blockers in sections:
            lines = tuple(self._line(one, self._facts(one)) for one in blockers[:room])
            room -= len(lines)
            if lines:
                shown.append(Section(heading, lines))
        return tuple(shown), sum(len(blockers) for _, blockers in sections) - (MOST_LINES - room)

    def _line(self, blocker, facts):
        is_new = self._is_open(blocker) and blocker.raised_at > self.since[blocker.team_id]
        return Line(blocker.title, facts, blocker.get_absolute_url(), is_new)

    def _facts(self, blocker) -> str:
        owner = "Nobody owns it" if self._lacks_owner(blocker) else f"Owner: {blocker.owner}"
        if not self._is_open(blocker):
            return f"Open for {_working_days(blocker.age_on(self.on))}. {owner}"
        age = blocker.age_on(self.on)
        facts = [f"Open for {_working_days(age)}" if age else "New today", owner]
        if blocker.escalated_to_id:
            since = blocker.escalated_at.astimezone(LOCAL)
            facts.append(f"Escalated to {blocker.escalated_to} since {_day(since)}")
        if blocker.story_id:
            facts.append(f"Holds up {blocker.story.reference}")
        return ". ".join(facts)

    def _lacks_owner(self, blocker):
        return blocker.owner_id is None or (blocker.team_id, blocker.owner_id) not in self.at_work


def subject(team, still, gone, on) -> str:
    at_risk = sum(one.risks_goal for one in still)
    what = f"{len(still) or 'no open'} blocker{'' if len(still) == 1 else 's'}"
    if at_risk:
        what += f", {at_risk} risk{'s' if at_risk == 1 else ''} the sprint goal"
    if not still:
        what += f", {len(gone)} resolved"
    return f"{team}: {what} – {on:%A} {on.day} {on:%B}"


def _working_days(number) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def _sprint_line(sprint, on) -> str:
    day, days = sprint.day_on(on)
    return f"{sprint} · day {day} of {days}" if day else f"{sprint} · begins on {_day(sprint.starts_on)}"


def _day(date) -> str:
    return f"{date.day} {date:%B %Y}"


def _sentence(text) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
