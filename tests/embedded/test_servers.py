import signal
from urllib.parse import unquote

import psycopg
import pytest
import redis

from config.embedded import postgres, processes, valkey
from config.embedded.trouble import Trouble


@pytest.fixture
def started(place):
    place.prepare()
    return lambda: postgres.start(place)


def connect(place):
    return psycopg.connect(postgres.url(place), autocommit=True)


def test_what_was_committed_survives_a_kill(place, started):
    killed = started()
    with connect(place) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('committed')")
        killed.popen.send_signal(signal.SIGKILL)
    killed.popen.wait()

    processes.stop_what_was_left(place)
    again = started()

    with connect(place) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("committed",)]
    again.stop()


def test_a_server_that_outlived_its_starter_is_stopped_and_started_anew(place, started):
    orphan = started()

    processes.stop_what_was_left(place)
    again = started()

    assert orphan.popen.wait(60) == 0  # it shut down in order
    with connect(place) as connection:
        assert connection.info.backend_pid
    again.stop()


def test_stopping_rolls_back_what_is_open_and_does_not_wait_for_it(place, started):
    part = started()
    reader = connect(place)
    reader.execute("BEGIN")

    part.stop()

    assert part.popen.returncode == 0
    reader.close()


def test_a_first_start_that_was_cut_short_is_begun_anew(place, started):
    (place.servers / "postgresql-18.draft" / "half").mkdir(parents=True)

    started().stop()

    assert not (place.servers / "postgresql-18.draft").exists()


def test_a_database_that_cannot_start_is_named_with_its_log(place, started):
    started().stop()
    (place.servers / "postgresql-18" / "global" / "pg_control").unlink()

    with pytest.raises(Trouble, match=r"PostgreSQL did not start; .*postgresql\.log says why"):
        started()


def test_the_address_of_the_database_survives_blanks_and_capitals(place):
    address = postgres.url(place)

    assert unquote(address.partition("@")[2].rpartition("/")[0]) == str(place.sockets)


def test_the_broker_keeps_its_messages_over_a_kill(place):
    place.prepare()
    killed = valkey.start(place)
    address = valkey.url(place).replace("redis+socket://", "unix://")
    with redis.Redis.from_url(address) as broker:
        broker.rpush("queue", "wake up")
        broker.execute_command("WAITAOF", 1, 0, 5000)
    killed.popen.kill()
    killed.popen.wait()

    again = valkey.start(place)

    with redis.Redis.from_url(address) as broker:
        assert broker.lrange("queue", 0, -1) == [b"wake up"]
    again.stop()
