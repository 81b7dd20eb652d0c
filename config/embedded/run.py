"""`make run`: the whole product on this machine, in the shape of production, until somebody stops it."""

import http.client
import os
import signal
import sys
import time
from contextlib import contextmanager

from config.embedded import checks, processes, product
from config.embedded.place import CHECKOUT, Place
from config.embedded.services import services
from config.embedded.trouble import Trouble

ANSWERS_WITHIN = 120  # seconds, on a machine that is busy with other things


class Stop:
    """Whether somebody asked us to stop. A flag and no exception, because an exception could strike between the
    start of a part and the line that promises to stop it."""

    def __init__(self):
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_):
        self.asked = True


def main():
    stop = Stop()
    try:
        run(checks.port(os.environ.get("PORT", "8000")), stop)
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as problem:
        sys.exit(checks.sentence_about(problem))


def run(port, stop):
    place = Place(os.environ.get("RUN_NAME", "run"))  # tests run one of their own
    with place.claimed():
        processes.stop_what_was_left(place)
        checks.insist_on_free_port(port)
        checks.insist_on_room(place)
        say("Starting PostgreSQL and Valkey")
        with services(place) as servers:
            environment = product.settings(place, port)
            for step in product.steps(place):
                take(step, place, environment, stop)
            if not stop.asked:
                serve(place, port, environment, servers, stop)
            say("Stopping")
    say("Stopped. Everything is saved.")


def take(step, place, environment, stop):
    if stop.asked:
        return
    say(step.says)
    part = start(step, place, environment)
    while not (part.has_ended or stop.asked):
        time.sleep(0.02)
    part.stop()
    if part.popen.returncode and not stop.asked:
        raise Trouble(f"{step.says}: this did not succeed. {reason(place, part)}")


def serve(place, port, environment, servers, stop):
    say("Starting the web server, the worker and the clock")
    with running(place, environment) as parts:
        deadline = time.monotonic() + ANSWERS_WITHIN
        while not (stop.asked or answers(port)):
            insist_that_all_is_well(place, [*servers, *parts])
            if time.monotonic() > deadline:
                raise Trouble(f"The web server does not answer. {reason(place, parts[0])}")
            time.sleep(0.1)
        welcome(place, port)
        while not stop.asked:
            insist_that_all_is_well(place, [*servers, *parts])
            time.sleep(0.2)


@contextmanager
def running(place, environment):
    """All parts at once: each is asked to stop before any is waited for."""
    parts = []
    try:
        for command in product.parts(place):
            parts.append(start(command, place, environment))
        yield parts
    finally:
        for part in parts:
            part.ask_to_stop()
        for part in parts:
            part.wait()


def start(command, place, environment):
    environment = {**environment, **command.environment}
    return processes.start(place, command.name, command.argv, cwd=CHECKOUT, env=environment)


def insist_that_all_is_well(place, parts):
    if checks.is_full(place):
        raise Trouble(f"The disk that holds {place.servers} is full, so everything stops: make room and start again.")
    for part in parts:
        if part.has_ended:
            raise Trouble(f"The part “{part.name}” ended by itself, so everything stops. {reason(place, part)}")


def reason(place, part):
    if checks.is_full(place):
        return f"The disk that holds {place.servers} is full."
    return f"{part.log} says why."


def answers(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def welcome(place, port):
    say(f"\nThroughline is ready: http://localhost:{port}/")
    words = product.words(place)
    say(words.read_text())
    words.unlink()  # a code for the first account is for the reader alone
    say(f"Stop it with Ctrl-C. What it does is written to {place.state / 'log'}.\n")


def say(words):
    print(words, flush=True)


if __name__ == "__main__":
    main()
