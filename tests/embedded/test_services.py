import os
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
import redis


@pytest.fixture
def database():
    with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
        yield connection


def setting(database, name):
    return database.execute("SELECT setting FROM pg_settings WHERE name = %s", [name]).fetchone()[0]


def test_postgresql_is_reached_by_its_socket_alone(database):
    assert database.info.server_version // 10_000 == 18
    assert setting(database, "listen_addresses") == ""
    assert unquote(urlsplit(os.environ["DATABASE_URL"]).netloc.partition("@")[2]).startswith("/")


def test_the_products_role_is_no_superuser(database):
    assert database.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone() == (False,)


def test_text_sorts_as_it_does_in_production(database):
    words = database.execute("SELECT w FROM unnest(ARRAY['b', 'B', 'a', 'é', 'Z']) w ORDER BY w").fetchall()

    assert [word for (word,) in words] == ["B", "Z", "a", "b", "é"]


def test_upper_and_lower_case_know_more_than_ascii(database):
    assert database.execute("SELECT upper('é'), lower('Ŵ')").fetchone() == ("É", "ŵ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data_checksums", "on"),
        ("log_error_verbosity", "terse"),
        ("log_min_error_statement", "panic"),
        ("log_parameter_max_length_on_error", "0"),
    ],
)
def test_postgresql_keeps_data_and_keeps_quiet(database, name, value):
    assert setting(database, name) == value


def test_valkey_refuses_rather_than_forgets():
    with redis.Redis.from_url(os.environ["BROKER_URL"].replace("redis+socket://", "unix://")) as broker:
        settings = broker.config_get("*")

    assert (settings["maxmemory-policy"], settings["appendonly"], settings["port"]) == (
        "noeviction",
        "yes",
        "0",
    )
