"""The embedded Valkey: the broker that carries wake-ups, on a unix socket in a closed folder."""

import time

import redis

from config.embedded import binaries, processes
from config.embedded.place import make_closed_folder
from config.embedded.trouble import Trouble

STARTS_WITHIN = 20  # seconds
SETTINGS = ["--port", "0", "--unixsocketperm", "700", "--appendonly", "yes", "--save", ""]
SETTINGS += ["--maxmemory-policy", "noeviction", "--daemonize", "no"]


def start(place):
    folder = place.servers / "valkey"
    make_closed_folder(folder)
    _socket(place).unlink(missing_ok=True)
    part = processes.start(
        place,
        "valkey",
        [binaries.valkey(), "--unixsocket", _socket(place), "--dir", folder, *SETTINGS],
        **place.as_server(),
    )
    try:
        _wait_until_it_answers(place, part)
    except BaseException:
        part.stop()
        raise
    return part


def url(place):
    return f"redis+socket://{_socket(place)}"


def _socket(place):
    return place.sockets / "valkey.sock"


def _wait_until_it_answers(place, part):
    deadline = time.monotonic() + STARTS_WITHIN
    with redis.Redis(unix_socket_path=str(_socket(place)), retry=None) as client:
        while True:
            try:
                return client.ping()
            except redis.RedisError:
                if part.has_ended or time.monotonic() > deadline:
                    raise Trouble(f"Valkey did not start; {part.log} says why.") from None
                time.sleep(0.05)
