"""`make reset`: forget all data of this checkout, and root's private folder. The next `make run` starts afresh."""

import shutil
import sys
from contextlib import ExitStack

from config.embedded.place import PRIVATE, RUN, Place
from config.embedded.processes import stop_what_was_left
from config.embedded.trouble import Trouble


def main():
    found = places()
    try:
        with ExitStack() as claims:
            for place in found:  # all of them, before anything is lost
                claims.enter_context(place.claimed())
            for place in found:
                stop_what_was_left(place)
                place.remove()
            shutil.rmtree(PRIVATE, ignore_errors=True)
    except Trouble as trouble:
        sys.exit(str(trouble))
    print("The data of this checkout is gone. `make run` starts afresh.")


def places(run=RUN) -> list[Place]:
    """Of `make run` and whatever else has run here; the lock of the assets is a file beside them."""
    return [Place(name) for name in {"run", *(one.name for one in run.glob("*") if one.is_dir())}]


if __name__ == "__main__":
    main()
