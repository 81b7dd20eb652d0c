"""`make bench`: servers of its own, programmes of several sizes, the product and the floor beside it, one table.

SIZES=1000,10000,100000,1000000 adds a million; ROUNDS and SECONDS_A_PAGE (in each round) make it steadier.
PAGES="move,score" leaves out those whose names hold none of these words, and the mornings. IMPORT=10000,100000 are the
numbers of rows of G11; none leaves it out.
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager

from config.embedded import processes, product
from config.embedded.place import CHECKOUT, Place
from config.embedded.run import say
from config.embedded.services import services
from config.embedded.trouble import Trouble
from tests.bench import sites


def main():
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that a polite kill stops the servers too
    try:
        with everything_up() as (place, environment, postgres):
            import django

            django.setup()  # from here on this process may ask the product's own code, for cursors and statements
            from tests.bench import mornings, run

            servers = run.Servers(place, environment, postgres)
            say(run.measured(servers, numbers("SIZES", "1000,10000,100000"), rounds(), seconds()))
            if not os.environ.get("PAGES"):
                mornings.measure()
            say(run.imported(servers, numbers("IMPORT", "10000,100000")))
    except Trouble as trouble:
        sys.exit(str(trouble))


def numbers(name, usual):
    return sorted(int(one) for one in os.environ.get(name, usual).split(",") if one)


def rounds():
    return int(os.environ.get("ROUNDS", "5"))


def seconds():
    return float(os.environ.get("SECONDS_A_PAGE", "1"))


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
        environment = product.settings(place, sites.free_port())
        for step in product.steps(place):
            say(step.says)
            subprocess.run(
                step.argv, cwd=CHECKOUT, env=environment | step.environment, check=True, stdout=subprocess.DEVNULL
            )
        os.environ |= environment | {"DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ |= {"DATABASE_POOL": "off", "STATEMENT_TIMEOUT_MS": "0"}
        yield place, environment, postgres.pid


if __name__ == "__main__":
    main()
