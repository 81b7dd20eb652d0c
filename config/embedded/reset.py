"""`make reset`: forget all data of this checkout, and root's private folder. The next `make run` starts afresh."""

import shutil
import sys
from contextlib import ExitStack

from config.embedded.place import PRIVATE, RUN, Place
from config.embedded.processes import stop_what_was_left
from config.embedded.trouble import Trouble


def main():
    places = [Place(name) for name in {"run", *(folder.name for folder in RUN.glob("*"))}]
    try:
        with ExitStack() as claims:
            for place in places:  # all of them, before anything is lost
                claims.enter_context(place.claimed())
            for place in places:
                stop_what_was_left(place)
                place.remove()
            shutil.rmtree(PRIVATE, ignore_errors=True)
    except Trouble as trouble:
        sys.exit(str(trouble))
    print("The data of this checkout is gone. `make run` starts afresh.")


if __name__ == "__main__":
    main()
