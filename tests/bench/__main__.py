"""`make bench`: servers of its own, programmes of several sizes, the product and the floor beside it, one table.

SIZES=1000,10000,100000,1000000 adds a million; ROUNDS and SECONDS (for each page of each round) make it steadier.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import psycopg

from config.embedded import processes, product
from config.embedded.place import CHECKOUT, Place
from config.embedded.run import say
from config.embedded.services import services
from config.embedded.trouble import Trouble


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a polite kill stops the servers too
    sizes = sorted(int(size) for size in os.environ.get("SIZES", "1000,10000,100000").split(","))
    count, seconds = int(os.environ.get("ROUNDS", "5")), float(os.environ.get("SECONDS_A_PAGE", "1"))
    try:
        with everything_up() as (place, environment, postgres):
            measure(place, environment, postgres, sizes, count, seconds)
    except Trouble as trouble:
        sys.exit(str(trouble))


@contextmanager
def everything_up():
    """PostgreSQL and Valkey in a place that begins empty and leaves nothing, and the product's steps taken."""
    place = Place("bench")
    os.environ["DEMO"] = "off"
    with ExitStack() as running:
        running.enter_context(place.claimed())
        processes.stop_what_was_left(place)
        shutil.rmtree(place.servers / "postgresql-18", ignore_errors=True)  # what a killed measurement has left
        running.callback(place.remove)
        postgres = running.enter_context(services(place))[0]
        environment = product.settings(place, free_port())
        for step in product.steps(place):
            say(step.says)
            subprocess.run(
                step.argv, cwd=CHECKOUT, env=environment | step.environment, check=True, stdout=subprocess.DEVNULL
            )
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ |= {"DATABASE_POOL": "off", "STATEMENT_TIMEOUT_MS": "0"}
        yield place, environment, postgres.pid


def measure(place, environment, postgres, sizes, count, seconds):
    import django

    django.setup()  # from here on this process may ask the product's own code, for cursors and statements
    from django.test import Client

    from tests.bench import measure, mornings, pages, playback, seed, sites, sprint, table

    settled(place)
    seeded = []
    for size in sizes:
        say(f"Writing {size:,} opportunities")
        seeded.append(seed.seed(size))
    sprint.seed(seeded[-1])
    playback.seed(seeded[-1])
    vacuum(place)

    def ours():
        return [(one, target) for one in seeded for target in pages.product(one)] + [
            (seeded[-1], target) for target in pages.of_team(seeded[-1])
        ]

    asked_here = [(target, one.product_owner) for one, target in ours()]
    efforts = {(target.name, target.size): measure.effort(target, person) for target, person in asked_here}
    # Made anew: what was asked here was rolled back, so the asks begin again with the rows as they were written.
    targets = [*pages.floor(seeded[-1]), *(target for _, target in ours())]
    with ExitStack() as running:
        up = {
            name: running.enter_context(sites.site(place, name, free_port(), environment, postgres))
            for name in ("product", "floor")
        }
        browsers = {}
        for one in seeded:
            client = Client(SERVER_NAME="localhost")
            client.force_login(one.product_owner)
            for name, at in up.items():
                browsers[name, one.size] = sites.Browser(at, client.cookies["session"].value)
        measured = []
        for found in measure.rounds(targets, browsers, count + 1, seconds):
            say(f"Round {len(measured)} of {count}" if measured else "A round to warm up")
            measured.append(found)
        (floor,) = (target for target in targets if target.name == "(c)")
        (page,) = (target for target in targets if target.name == pages.LIST and target.size == sizes[-1])
        through = [
            [measure.throughput(one, browsers[one.site, one.size], 2 * seconds) for one in (page, floor)]
            for _ in range(count)
        ]
        memory = {name: at.memory() for name, at in up.items()}
    say(table.text(sizes, measured[1:], efforts, through, memory))
    mornings.measure()


def settled(place):
    """Nothing else is at work while we measure: we vacuum once, when everything is written."""
    as_superuser(place, "ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()")


def vacuum(place):
    as_superuser(place, "VACUUM (ANALYZE)", "CHECKPOINT")


def as_superuser(place, *statements):
    who = {"host": str(place.sockets), "user": "postgres"}
    with psycopg.connect(dbname="throughline", autocommit=True, **who) as connection:
        for statement in statements:
            connection.execute(statement)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    main()
