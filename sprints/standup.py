"""What a stand-up page shows, and what an answered form does. Each question is asked once for the whole team."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction

from backlog.models import StoryMove
from sprints.models import Blocker, StandupEntry
from sprints.working_day import WorkingDays, called
from teams.calendar import LOCAL
from teams.models import Absence, Membership, User

MOST_MOVED = 5  # stories named in what somebody did


@dataclass(frozen=True)
class Seat:
    """One person at a stand-up: what they said, or why they have not."""

    person: User
    entry: StandupEntry | None
    works: bool  # on this day of the week
    away: Absence | None
    was_away: bool
    membership: int | None  # nothing for somebody who has left since

    @property
    def is_there(self):
        """Part-time people are no more waited for on their other days than those away."""
        return self.works and not self.away

    @property
    def place(self):
        """Those who have answered first, as they came; then those still to answer; then those away."""
        return (
            (0, self.entry.posted_at.isoformat())
            if self.entry
            else (1 if self.is_there else 2, self.person.name.lower())
        )


def seats(team, day, before) -> list[Seat]:
    entries = {entry.person_id: entry for entry in team.standup_entries.on(day).with_blockers()}
    away = _away(team, day, day)
    was_away = _away(team, before, before)
    members = {one.user: one.pk for one in team.memberships.current().by_name()}
    left = [entry.person for key, entry in entries.items() if key not in {person.pk for person in members}]
    found = [
        Seat(
            person,
            entries.get(person.pk),
            day.weekday() in person.works_on,
            away.get(person.pk),
            person.pk in was_away,
            members.get(person),
        )
        for person in [*members, *left]
    ]
    return sorted(found, key=lambda seat: seat.place)


@dataclass(frozen=True)
class Glance:
    """A team's next stand-up in one line: `posted` of those who are `here`, and how the person stands to it."""

    day: dt.date
    posted: int
    here: int
    mine: StandupEntry | None
    is_away: bool


def glances(teams, user, today) -> dict:
    """Team id to Glance; three statements for however many teams."""
    days = {team.pk: WorkingDays.of(team).current(today) for team in teams}
    members = defaultdict(dict)
    rows = Membership.objects.current().filter(team__in=teams).values_list("team", "user", "user__works_on")
    for team, person, works_on in rows:
        members[team][person] = works_on
    everybody = set().union(*members.values())
    absences = list(Absence.objects.filter(user__in=everybody).overlapping(today, max(days.values(), default=today)))
    entries = defaultdict(dict)
    for entry in StandupEntry.objects.of_days(days):
        entries[entry.team_id][entry.person_id] = entry
    return {team.pk: _glance(days[team.pk], members[team.pk], absences, entries[team.pk], user) for team in teams}


def _glance(day, members, absences, entries, user):
    away = {one.user_id for one in absences if one.starts_on <= day <= one.ends_on}
    there = {key for key, works_on in members.items() if day.weekday() in works_on}
    return Glance(day, len(entries), len(there - away | {*entries}), entries.get(user.pk), user.pk in away)


def _away(team, first, last) -> dict:
    return {absence.user_id: absence for absence in Absence.objects.in_team(team).overlapping(first, last)}


def question(day, before, today) -> str:
    """The first question of the stand-up, which names the working day before as people call it when they write."""
    return f"What did you do {called(before, max(day, today))}?"


def plan_question(day, today) -> str:
    """The second question, which is of the day itself: early or late entries are not about today."""
    if day == today:
        return "What are you going to do today?"
    return f"What {'are you' if day > today else 'were you'} going to do on {day:%A}?"


def prefilled(team, person, day) -> str:
    """What somebody probably did: their last "today", and the stories they moved since."""
    last = team.standup_entries.by_person(person).last_before(day)
    since = last.day if last else WorkingDays.of(team).before(day)
    words = [last.doing] if last else []
    for story, state in moved(team, person, since, day).items():
        if not last or story.reference not in last.doing:
            words.append(f"{story.reference} {story.title}: {state}")
    return "\n".join(words)[: StandupEntry._meta.get_field("did").max_length]


def moved(team, person, since, until) -> dict:
    """Story to the state somebody moved it to, from one local date up to another."""
    first, last = (dt.datetime.combine(day, dt.time(), LOCAL) for day in (since, until))
    moves = StoryMove.objects.since(first).of_person(team, person).filter(at__lt=last)
    found = {move.story: move.get_to_state_display() for move in moves.select_related("story").order_by("at", "pk")}
    return dict(list(found.items())[-MOST_MOVED:])


@transaction.atomic
def answer(team, person, day, said, *, by):
    """Carry out an answered form: raise and resolve blockers, then keep the entry with what still blocks."""
    already = set(Blocker.objects.filter(pk__in=_blockers_of(team, person, day)))
    for blocker, how in said.resolved:
        blocker.resolve(how, by=by)
    for blocker in said.still:
        if blocker not in already:
            blocker.confirm(by=by)
    raised = [Blocker.objects.add(team, by=by, **facts) for facts in said.raised]
    return StandupEntry.objects.post(
        team,
        person,
        day,
        by=by,
        version=said.version,
        blockers=[*said.still, *raised, *(already - {*said.asked})],
        did=said.did,
        doing=said.doing,
    )


def _blockers_of(team, person, day):
    return team.standup_entries.on(day).by_person(person).values("blockers")


def neighbours(user, team) -> list:
    """The person's other teams in the order of their stand-ups, from the first after this one on."""
    teams = [one.team for one in user.memberships.current().in_teams_in_use() if one.team_id != team.pk]
    here = (team.standup_at, team.name)
    return sorted(teams, key=lambda one: ((one.standup_at, one.name) < here, one.standup_at, one.name))
