"""One measurement: programmes are written, the product and the floor are started beside each other, and asked."""

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connection
from django.test import Client

from config.embedded.place import Place
from config.embedded.run import say
from tests.bench import imports, measure, pages, playback, research, sites, sprint, table
from tests.bench.seed import Seeded, seed
from tests.bench.targets import by_name

GROWING = [pages, research]  # asked at every size
ONCE = [sprint, playback]  # each is seeded beside the largest programme, and asked there


@dataclass(frozen=True)
class Servers:
    place: Place
    environment: dict
    postgres: int  # the id of its process


def measured(servers: Servers, sizes, rounds, seconds) -> str:
    seeded = written(servers.place, sizes)
    efforts = asked_here(seeded)
    # Made anew: what was asked here was rolled back, so the asks begin again with the rows as they were written.
    targets = [*floor(seeded[-1]), *filter(wanted, products(seeded))]
    with both_sites(servers) as up:
        browsers = {(name, one.size): signed_in(at, one.product_owner) for name, at in up.items() for one in seeded}
        found = []
        for samples in measure.rounds(targets, browsers, rounds + 1, seconds):
            say(f"Round {len(found)} of {rounds}" if found else "A round to warm up")
            found.append(samples)
        through = [measure.rates(by_name(targets), browsers, sizes[-1], 2 * seconds) for _ in range(rounds)]
        memory = {name: at.memory() for name, at in up.items()}
        crowd = all_at_once(up["product"], seeded[-1]) if named(playback.PLAYBACK) else []
    return table.text(sizes, found[1:], efforts, through, memory, crowd)


def written(place, sizes) -> list[Seeded]:
    """A programme of each size. Nothing else is at work afterwards: it is vacuumed once, and then never."""
    as_superuser(place, "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")
    seeded = []
    with unchecked(place):
        for size in sizes:
            say(f"Writing {size:,} opportunities")
            seeded.append(seed(size))
            research.seed(seeded[-1])
        for module in ONCE:
            module.seed(seeded[-1])
    as_superuser(place, "VACUUM (ANALYZE)", "CHECKPOINT")
    return seeded


@contextmanager
def unchecked(place):
    """No foreign key is looked up: a million opportunities have twenty million, which takes longer than to write them.
    test_bench.py seeds with all checks."""
    as_superuser(place, "ALTER ROLE throughline SET session_replication_role = replica")
    connection.close()
    yield
    as_superuser(place, "ALTER ROLE throughline RESET session_replication_role")
    connection.close()


def imported(servers: Servers, counts) -> str:
    """G11, after everything else: it leaves its rows behind."""
    return table.imports(imports.seconds(count) for count in counts) if counts else ""


def floor(largest):
    return [target for module in [*GROWING, *ONCE] for target in module.floor(largest)]


def products(seeded):
    growing = [target for one in seeded for module in GROWING for target in module.targets(one)]
    return growing + [target for module in ONCE for target in module.targets(seeded[-1])]


def asked_here(seeded) -> dict:
    """What each page asks of the database, by its name and size."""
    people = {one.size: one.product_owner for one in seeded}
    asked = filter(wanted, products(seeded))
    return {(one.name, one.size): measure.effort(one, people[one.size]) for one in asked}


def all_at_once(site, seeded) -> list:
    """How long each reader of a playback waits, when all come at once."""
    readers = [signed_in(site, person) for person in playback.readers(seeded)]
    return measure.at_once(readers, playback.page(seeded))


def wanted(target) -> bool:
    """The first page of the list is always asked, for the throughput."""
    return target.name == pages.LIST or named(target.name)


def named(page) -> bool:
    """Whether PAGES leaves it in."""
    return any(name.strip() in page for name in os.environ.get("PAGES", "").split(","))


@contextmanager
def both_sites(servers):
    with ExitStack() as running:
        yield {
            name: running.enter_context(
                sites.site(servers.place, name, sites.free_port(), servers.environment, servers.postgres)
            )
            for name in ("product", "floor")
        }


def signed_in(site, person) -> sites.Browser:
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    return sites.Browser(site, client.cookies["session"].value)


def as_superuser(place, *statements):
    with psycopg.connect(dbname="throughline", autocommit=True, host=str(place.sockets), user="postgres") as superuser:
        for statement in statements:
            superuser.execute(statement)
