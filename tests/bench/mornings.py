"""One morning of many teams: what finding, writing, queueing and sending their digests costs.

    TEAMS=1250,10000 .venv/bin/python -m tests.bench.mornings

For each number of teams, with eight people and three blockers each, it prints seconds a thousand teams, statements a
hundred, and the most memory this process came to need: none of them may grow with the number of teams. Then G10, and
what is beyond its 10,000 letters is sent as well.
"""

import datetime as dt
import os
import resource
import time

from config.embedded.run import say
from tests.bench import letters

PEOPLE, BLOCKERS = 8, 3
AT_ONCE = 250  # teams are written, so that the peak of memory is not that of the writing


def main():
    from tests.bench.__main__ import everything_up

    with everything_up():
        import django

        django.setup()
        measure()


def measure():
    heads = f"{'teams':>8}{'letters':>9}{'seconds':>9}{'s/1,000 teams':>15}{'statements/100 teams':>22}{'MiB':>6}"
    say(f"\nA morning, found, written and queued\n{heads}")
    for size in sorted(int(size) for size in os.environ.get("TEAMS", "125,1250").split(",")):
        seed(size)
        seconds, statements = morning(size)
        cost = f"{seconds:9.1f}{seconds * 1000 / size:15.2f}{statements * 100 / size:22.1f}{peak():6}"
        say(f"{size:8,}{size * PEOPLE:9,}{cost}")
    say(letters.text(making=seconds / size / PEOPLE))
    if rest := letters.rest():
        say(rest)


def morning(size) -> tuple:
    """(seconds, statements) of the round."""
    from django.db import connection

    from sprints.models import DigestRun
    from sprints.morning import send_due
    from teams.calendar import LOCAL
    from teams.models import OutgoingMail

    for model in (OutgoingMail, DigestRun):
        model.objects.all().delete()
    statements = []
    began = time.perf_counter()
    with connection.execute_wrapper(lambda ask, *rest: (statements.append(1), ask(*rest))[1]):
        send_due(dt.datetime(2026, 11, 24, 8, 30, tzinfo=LOCAL))
    seconds = time.perf_counter() - began
    # Of these teams: in `make bench` the few of the pages have a morning too.
    assert DigestRun.objects.filter(team__slug__startswith="many-").count() == size
    assert OutgoingMail.objects.filter(to__startswith="many-").count() == size * PEOPLE
    return seconds, len(statements)


def seed(size):
    """Teams up to that number."""
    from teams.models import Programme, Team

    programme = Programme.objects.get_or_create(slug="many", defaults={"name": "Many", "organisation": "Many"})[0]
    start = Team.objects.filter(programme=programme).count()
    for first in range(start, size, AT_ONCE):
        seed_some(programme, range(first, min(first + AT_ONCE, size)))


def seed_some(programme, numbers):
    from sprints.models import Blocker
    from sprints.models.blocker_states import Impact
    from teams.models import Membership, Team, User

    at = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    teams = Team.objects.bulk_create(
        Team(programme=programme, name=f"Team {n}", slug=f"many-{n}", prefix=prefix(n)) for n in numbers
    )
    users = User.objects.bulk_create(
        User(name=f"Person {n}-{m}", email=f"many-{n}-{m}@a.example") for n in numbers for m in range(PEOPLE)
    )
    of_team = [users[n * PEOPLE : (n + 1) * PEOPLE] for n in range(len(teams))]
    Membership.objects.bulk_create(
        Membership(team=team, user=user, role="member", joined_at=at)
        for team, people in zip(teams, of_team, strict=True)
        for user in people
    )
    Blocker.objects.bulk_create(
        Blocker(
            team=team, number=m + 1, title=f"Something stands in the way {m}", impact=Impact.STOPS,
            raised_by=people[0], raised_on=at.date(), raised_at=at, last_update_at=at,
        )
        for team, people in zip(teams, of_team, strict=True)
        for m in range(BLOCKERS)
    )  # fmt: skip


def peak() -> int:
    """MiB, of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def prefix(n):
    """Two to five capital letters, a different one for each number."""
    return "M" + "".join(chr(65 + n // 26**place % 26) for place in (2, 1, 0))


if __name__ == "__main__":
    main()
