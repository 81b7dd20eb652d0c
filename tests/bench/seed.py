"""A programme of any size, written by the database itself (tests/bench/rows.py)."""

from dataclasses import dataclass

from django.db import connection, transaction

from backlog.fractional import spread
from backlog.models import Journey, Order, Stage
from teams.models import Membership, Programme, Service, Team, Theme, User
from teams.permissions import Role
from tests.bench.rows import DRAW, LINKS, OPPORTUNITIES

PEOPLE, THEMES, SERVICES, STAGES = 5, 6, 12, 8
TALK = 20  # comments on the opportunity that is looked at
RARE = 10  # opportunities that say the programme's rare word, whatever its size; every fourth says the common one


@dataclass(frozen=True)
class Seeded:
    """One programme, and the team in it that holds `size` opportunities; another team holds a tenth more."""

    size: int
    team: Team
    other: Team
    people: list

    @property
    def rare(self):
        return f"rare{self.size}"  # a word of its own, so that a search measures this programme and not all of them

    @property
    def common(self):
        return f"common{self.size}"

    @property
    def product_owner(self):
        return self.people[0]


def seed(size: int) -> Seeded:
    ranks = spread(size + size // 10)
    with transaction.atomic():
        return _written(size, ranks)


def _written(size, ranks):
    seeded = _place(size)
    Order.objects.create(programme=seeded.team.programme)  # there since its first move
    values = _facts(seeded) | _things(seeded)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # a million keys take a while to hand over
        cursor.execute(DRAW)
        cursor.execute(OPPORTUNITIES, values | {"ranks": ranks, "all": len(ranks)})
        for statement in LINKS:
            cursor.execute(statement, values)
    return seeded


def _facts(seeded) -> dict:
    team, other = seeded.team, seeded.other
    return {
        "size": seeded.size,
        "team": team.pk,
        "other": other.pk,
        "prefix": team.prefix,
        "other_prefix": other.prefix,
        "programme": team.programme_id,
        "people": [person.pk for person in seeded.people],
        "person": seeded.product_owner.pk,
        "talk": TALK,
        "common": seeded.common,
        "rare": seeded.rare,
        "rare_rows": RARE,
    }


def _things(seeded) -> dict:
    """The ids of the themes, services and stages that rows are given in turn."""
    programme = seeded.team.programme
    journey = Journey.objects.create(team=seeded.team, name="Being a tenant", slug="being-a-tenant")
    made = {
        "themes": [Theme(programme=programme, name=f"Theme {n}", position=n) for n in range(1, THEMES + 1)],
        "services": [Service(programme=programme, name=f"Service {n}") for n in range(1, SERVICES + 1)],
        "stage_ids": [Stage(journey=journey, name=f"Stage {n}", position=n) for n in range(1, STAGES + 1)],
    }
    ids = {name: [one.pk for one in type(some[0]).objects.bulk_create(some)] for name, some in made.items()}
    return ids | {"stages": STAGES}


def _place(size) -> Seeded:
    programme = Programme.objects.create(name=f"Programme of {size:,}", slug=f"of-{size}", organisation="Ambleford")
    letter = chr(64 + Programme.objects.count())
    numbered = [("Housing", f"H{letter}", size + 1), ("Parking", f"P{letter}", size // 10 + 1)]
    team, other = (
        Team.objects.create(
            programme=programme,
            name=f"{name} {size:,}",
            slug=f"{name.lower()}-{size}",
            prefix=prefix,
            next_number=next_number,
        )
        for name, prefix, next_number in numbered
    )
    people = User.objects.bulk_create(
        User(name=f"Person {n}", email=f"person-{n}-of-{size}@ambleford.example") for n in range(1, PEOPLE + 1)
    )
    for place in (team, other):
        Membership.objects.create(team=place, user=people[0], role=Role.PRODUCT_OWNER)
    return Seeded(size, team, other, people)
