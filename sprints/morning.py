"""The morning round: find the teams whose digest is due, write down that it goes, and queue its letters.

It may run twice, at once and anywhere, or die at any line. The row of the run decides: whoever writes it also queues
the letters, in one transaction; everybody else finds it there. The letters leave by teams/mail.py.
"""

import datetime as dt
import logging
import time
import uuid
from itertools import islice
from math import inf

from django.db import connection, transaction
from django.utils import timezone

from sprints.digest_letter import write
from sprints.models import DigestClock, DigestRun
from sprints.readers import Readers
from sprints.sending import GIVE_UP, USUAL, Hours, given_up_at, given_up_between, hour_for, is_morning, is_weekday
from sprints.situation import Situation
from sprints.telling import tell_of_missed, tell_of_trouble
from teams.calendar import LOCAL
from teams.mail import post_many
from teams.models import Closure, Team

log = logging.getLogger(__name__)
State = DigestRun.State
AT_A_TIME = 100  # teams: so that neither memory nor a transaction grows with the number of teams


def send_due(now=None, at_most=inf) -> int:
    """One round, of so many seconds: the next one goes on from there. Returns how many teams had their morning."""
    until = time.monotonic() + at_most
    last, now = DigestClock.read(now)
    given_up = given_up_between(last, now)
    for day in given_up:
        miss(day)
    if given_up:
        tell_of_missed(given_up, now)
    done = 0
    for teams in in_chunks(due(now)):
        if time.monotonic() < until:
            done += _safely(teams, now)
    tell_of_trouble(now)
    DigestClock.looked(now)
    return done


def due(now) -> list:
    """The ids of the teams whose digest should go now."""
    return [pk for pk, _ in _due(now)]


def longest_due(now=None) -> int:
    """Seconds for which the digest that is due longest has been due."""
    now = now or timezone.now()
    hours = [hours.send_at for _, hours in _due(now)]
    since = dt.datetime.combine(now.astimezone(LOCAL).date(), min(hours), LOCAL) if hours else now
    return int((now - since).total_seconds())


def _due(now) -> list:
    if not is_morning(now):
        return []
    return [(pk, hours) for pk, hours in waiting(now.astimezone(LOCAL).date()) if hours.is_due(now)]


def waiting(day, **which):
    """(team, its hours) of each team that has not had its morning on that day."""
    if not is_weekday(day):
        return
    closed = set(Closure.objects.filter(starts_on__lte=day, ends_on__gte=day).values_list("team", flat=True))
    for pk, division, standup_at, chosen in DigestRun.objects.teams_without(day).filter(**which):
        closures = ((day, day),) if pk in closed else ()
        yield pk, Hours(hour_for(chosen or USUAL, standup_at), division, closures)


def miss(day):
    """Nobody looked in time. The people are told by `tell_of_missed`."""
    _write_missed([pk for pk, hours in waiting(day) if hours.works_on(day)], day)


def _write_missed(teams, day):
    why = f"It could not be sent by {GIVE_UP.hour}:00am"
    for chunk in in_chunks(teams):
        _write_down(
            [DigestRun(team_id=pk, on=day, state=State.MISSED, why=why, cut_off=given_up_at(day)) for pk in chunk]
        )
    if teams:
        log.error("Digests were missed", extra={"digests": len(teams), "day": day.isoformat()})


def judge(team, was_there=True):
    """Its days are about to change, or the team is new. Mornings that are over and that nobody has looked at yet
    were missed or not by what held then: `miss` comes later, and would go by what holds from now on."""
    last = DigestClock.last_look()
    for day in filter(is_weekday, given_up_between(last, timezone.now()) if last else []):
        if was_there and any(hours.works_on(day) for _, hours in waiting(day, pk=team.pk)):
            _write_missed([team.pk], day)
        else:
            none = DigestRun(team=team, on=day, state=State.SKIPPED, why="None was due", cut_off=given_up_at(day))
            _write_down([none])


def _safely(teams, now) -> int:
    """One team whose digest cannot be made does not keep back the others."""
    try:
        return send(teams, now)
    except Exception:  # whatever it is: the others are tried without this one, and this one again at the next tick
        if not connection.is_usable():
            raise  # no team's fault: the database has gone, and the next tick finds it again
        if len(teams) == 1:
            log.exception("A digest cannot be made", extra={"team": teams[0]})
            return 0
    half = len(teams) // 2
    return _safely(teams[:half], now) + _safely(teams[half:], now)


@transaction.atomic
def send(teams, now) -> int:
    """Write the runs of these teams, and queue the letters of those that nobody else wrote meanwhile."""
    day = now.astimezone(LOCAL).date()
    teams = list(Team.objects.filter(pk__in=teams).order_by("pk"))
    situation, readers = Situation(teams, day, now), Readers(teams, day)
    written = {team.pk: written_for(team, situation, readers) for team in teams}
    ours = _write_down([_run(team, situation.digest(team), bool(written[team.pk]), now) for team in teams])
    letters = [
        text.letter_to(person, dedupe=run.name_of_letter_to(person.pk))
        for run in ours
        if run.state == State.SENT
        for text, person in written[run.team_id]
    ]
    post_many(letters, made_at=now, give_up_at=given_up_at(day))
    return len(ours)


def written_for(team, situation, readers) -> list:
    """(what is written, to whom): the team's digest, and to each service lead what waits on them."""
    digest = situation.digest(team)
    if digest.is_empty:
        return []
    text = write(digest, team)
    found = [(text, person) for person in readers.members[team.pk]]
    for person, blockers in situation.asked_of_others(team).items():
        if readers.reads_as_lead(person, team):
            found.append((write(situation.digest_for(team, blockers), team), person))
    return found


def _run(team, digest, has_readers, now):
    run = DigestRun(team=team, on=digest.on, cut_off=now, state=State.SKIPPED)
    if digest.is_empty:
        run.why = "Nothing to report"
    elif not has_readers:
        run.why = "Nobody to send it to"
    else:
        run.state, run.says = State.SENT, digest.frozen()
    return run


def _write_down(runs):
    """The runs that are ours: of several workers that write the same one, the first."""
    mine = uuid.uuid4()
    for run in runs:
        run.made_by = mine
    DigestRun.objects.bulk_create(runs, ignore_conflicts=True)
    return DigestRun.objects.filter(made_by=mine)


def in_chunks(things, size=AT_A_TIME):
    things = iter(things)
    while chunk := list(islice(things, size)):
        yield chunk
