"""`make reset`: forget all data of this checkout, and root's private folder. The next `make run` starts afresh."""

import shutil
import sys

from config.embedded.place import PRIVATE, RUN, Place
from config.embedded.processes import stop_what_was_left
from config.embedded.trouble import Trouble


def main():
    try:
        for folder in [RUN / "run", *RUN.glob("test-*")]:
            place = Place(folder.name)
            with place.claimed():
                stop_what_was_left(place)
                place.remove()
    except Trouble as trouble:
        sys.exit(str(trouble))
    shutil.rmtree(PRIVATE, ignore_errors=True)
    print("The data of this checkout is gone. `make run` starts afresh.")


if __name__ == "__main__":
    main()
