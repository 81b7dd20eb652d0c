import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded import place as places
from config.embedded.place import CHECKOUT, LONGEST_SOCKET_PATH, Place, make_closed_folder
from config.embedded.trouble import Trouble

SECOND_CLAIM = """
from config.embedded.place import Place
from config.embedded.trouble import Trouble
try:
    with Place({name!r}).claimed():
        print("claimed")
except Trouble as trouble:
    print(trouble)
"""


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def claim_elsewhere(place):
    script = SECOND_CLAIM.format(name=place.name)
    words = [sys.executable, "-c", script]
    return subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout.strip()


def test_a_second_start_in_the_same_checkout_is_told_so(place):
    assert claim_elsewhere(place).startswith("This checkout is already running")


def test_the_claim_ends_with_its_process():
    place = Place(f"test-{os.getpid()}-claim")

    assert claim_elsewhere(place) == "claimed"
    assert claim_elsewhere(place) == "claimed"
    place.remove()


def test_nobody_else_can_look_into_the_folders(place):
    place.prepare()

    assert mode(place.state) == mode(place.servers) == mode(place.sockets) == 0o700


def test_preparing_changes_no_permission_of_what_was_there(place):
    before = {path: path.stat().st_mode for path in [*CHECKOUT.parents, CHECKOUT, *places.PRIVATE.parents]}

    place.prepare()

    assert {path: path.stat().st_mode for path in before} == before


def test_a_long_path_to_the_checkout_puts_the_sockets_where_they_fit(monkeypatch):
    monkeypatch.setattr(places, "is_root", lambda: False)
    monkeypatch.setattr(places, "RUN", Path("/home/user") / ("long" * 25))

    inside = os.fsencode(Place("run").sockets / ".s.PGSQL.5432")

    assert len(inside) <= LONGEST_SOCKET_PATH


@pytest.mark.parametrize("trap", ["symlink", "open"])
def test_a_socket_folder_that_somebody_prepared_for_us_is_refused(tmp_path, trap):
    folder = tmp_path / "sockets"
    if trap == "symlink":
        folder.symlink_to(tmp_path)
    else:
        folder.mkdir()
        folder.chmod(0o777)

    with pytest.raises(Trouble, match="open to others or not ours"):
        make_closed_folder(folder)
