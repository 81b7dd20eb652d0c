"""One morning of many teams: what finding, writing, queueing and sending their digests costs.

    TEAMS=1250,10000 .venv/bin/python -m tests.bench.mornings

For each number of teams, with eight people and three blockers each, it prints seconds a thousand teams, statements a
hundred, and the memory the round came to need: none of them may grow with the number of teams. Then G10.
"""

import datetime as dt
import os
import resource
import time

from config.embedded.run import say
from tests.bench import letters

PEOPLE, BLOCKERS = 8, 3


def main():
    from tests.bench.__main__ import everything_up

    with everything_up():
        import django

        django.setup()
        measure()


def measure():
    sizes = sorted(int(size) for size in os.environ.get("TEAMS", "125,1250").split(","))
    heads = f"{'teams':>8}{'letters':>9}{'seconds':>9}{'s/1,000 teams':>15}{'statements/100 teams':>22}{'MiB':>6}"
    say(f"\nA morning, found, written and queued\n{heads}")
    for size in sizes:
        say(row(size))
    say(letters.text())


def row(size) -> str:
    from django.db import connection

    from sprints.models import DigestRun
    from sprints.morning import send_due
    from teams.calendar import LOCAL
    from teams.models import OutgoingMail

    seed(size)
    for model in (OutgoingMail, DigestRun):
        model.objects.all().delete()
    statements = []
    began = time.perf_counter()
    with connection.execute_wrapper(lambda ask, *rest: (statements.append(1), ask(*rest))[1]):
        done = send_due(dt.datetime(2026, 11, 24, 8, 30, tzinfo=LOCAL))
    seconds = time.perf_counter() - began
    queued = OutgoingMail.objects.count()
    assert (done, queued) == (size, size * PEOPLE)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    cost = f"{seconds:9.1f}{seconds * 1000 / size:15.2f}{len(statements) * 100 / size:22.1f}{memory:6}"
    return f"{size:8,}{queued:9,}{cost}"


def seed(size):
    """Teams up to that number, in a few statements."""
    from django.db import transaction

    from sprints.models import Blocker
    from sprints.models.blocker_states import Impact
    from teams.models import Membership, Programme, Team, User

    programme = Programme.objects.get_or_create(slug="many", defaults={"name": "Many", "organisation": "Many"})[0]
    start = Team.objects.filter(programme=programme).count()
    at = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    with transaction.atomic():
        teams = Team.objects.bulk_create(
            Team(programme=programme, name=f"Team {n}", slug=f"many-{n}", prefix=prefix(n)) for n in range(start, size)
        )
        users = User.objects.bulk_create(
            User(name=f"Person {n}", email=f"many-{n}@a.example") for n in range(start * PEOPLE, size * PEOPLE)
        )
        Membership.objects.bulk_create(
            Membership(team=team, user=users[PEOPLE * n + m], role="member", joined_at=at)
            for n, team in enumerate(teams)
            for m in range(PEOPLE)
        )
        Blocker.objects.bulk_create(
            Blocker(
                team=team, number=m + 1, title=f"Something stands in the way {m}", impact=Impact.STOPS,
                raised_by=users[PEOPLE * n], raised_on=at.date(), raised_at=at, last_update_at=at,
            )
            for n, team in enumerate(teams)
            for m in range(BLOCKERS)
        )  # fmt: skip


def prefix(n):
    """Two to five capital letters, a different one for each number."""
    return "M" + "".join(chr(65 + n // 26**place % 26) for place in (2, 1, 0))


if __name__ == "__main__":
    main()
