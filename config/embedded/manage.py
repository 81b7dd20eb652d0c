"""A manage.py command on the embedded database: `python -m config.embedded.manage setup`.

Where `make run` is running, the command joins it; otherwise the servers run for as long as the command does.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack

from config.embedded import checks, processes, product
from config.embedded.place import CHECKOUT, AlreadyRunning, Place
from config.embedded.services import services
from config.embedded.trouble import Trouble


def main(arguments):
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C is for the command, which shares our terminal
    place = Place(os.environ.get("RUN_NAME", "run"))
    try:
        with servers_of(place):
            environment = product.settings(place, checks.port(os.environ.get("PORT", "8000")))
            sys.exit(subprocess.call([*product.MANAGE, *arguments], cwd=CHECKOUT, env=environment))
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as problem:
        sys.exit(checks.sentence_about(problem))


def servers_of(place):
    with ExitStack() as running:
        try:
            running.enter_context(place.claimed())
        except AlreadyRunning:
            return ExitStack()
        processes.stop_what_was_left(place)
        running.enter_context(services(place))
        return running.pop_all()


if __name__ == "__main__":
    main(sys.argv[1:])
