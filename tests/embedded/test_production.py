"""What can be checked of the production shape on a machine without a container engine."""

import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from types import SimpleNamespace
from urllib.parse import quote

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from config import gunicorn
from config.embedded import binaries, install, postgres
from config.embedded.place import CHECKOUT
from config.middleware import LONGEST_QUERY

COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
README = (CHECKOUT / "README.md").read_text()
SECRETS = {"OWNER_PASSWORD": "owner's", "DATABASE_PASSWORD": "product's"}


def test_every_variable_of_compose_is_explained_in_the_example():
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
    explained = set(re.findall(r"^(\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))

    assert wanted == explained


def test_p36_the_example_makes_a_strict_site():
    """What Django itself would warn of, with the settings that an operator copies and fills in."""
    example = dict(re.findall(r"^(\w+)=(.*)$", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))
    filled = example | {"SECRET_KEY": "0123456789abcdef" * 4, "DATABASE_URL": "postgres://%2Fnowhere/none"}
    words = [sys.executable, "-W", "ignore", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]

    strict = subprocess.run(words, cwd=CHECKOUT, env=os.environ | filled, capture_output=True, text=True, check=False)

    assert strict.returncode == 0, strict.stderr


def test_no_log_grows_for_ever():
    services = re.split(r"^  \w+:\n", COMPOSE.partition("\nservices:\n")[2].partition("\nvolumes:")[0], flags=re.M)[1:]

    assert len(services) == 8
    assert all("<<: *product" in service or "logging: *logging" in service for service in services)


def test_the_image_installs_with_the_same_uv():
    assert re.findall(r"uv==(\S+)", DOCKERFILE) == [install.UV_VERSION]


def test_what_the_image_copies_is_there():
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)

    assert copied
    assert all((CHECKOUT / name).exists() for line in copied for name in line.split())


def test_the_image_does_not_run_as_root():
    last_stage = DOCKERFILE.rpartition("FROM ")[2]

    assert re.search(r"^USER 10001$", last_stage, re.MULTILINE)


@pytest.fixture
def production(place):
    """A server on which the roles of production have been made by the script that makes them there."""
    place.prepare()
    part = postgres.start(place)
    server = {"host": str(place.sockets), "user": "postgres"}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as connection:
        connection.execute("DROP DATABASE throughline")
        connection.execute("DROP ROLE throughline")
    path = f"{binaries.postgres('psql').parent}:{os.environ['PATH']}"
    environment = {**os.environ, **SECRETS, "POSTGRES_USER": "postgres", "PGHOST": str(place.sockets), "PATH": path}
    subprocess.run([CHECKOUT / "deploy" / "roles.sh"], env=environment, check=True)
    yield SimpleNamespace(server=place.sockets, environment=environment)
    part.stop()


def reached_by(user, production):
    return f"postgres://{user}@{quote(str(production.server), safe='')}/throughline"


def prepare(production):
    environment = {**os.environ, "DATABASE_URL": reached_by("throughline_owner", production), "DEMO": "off"}
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=CHECKOUT, env=environment, check=True)


def run_as_readme_says(program, production, **streams):
    words = re.search(rf"exec -T postgres ({program} .*) [<>]", README)[1].split()
    subprocess.run(words, env=production.environment, check=True, **streams)


def may_only_use_the_tables(connection) -> bool:
    forbidden = connection.execute(
        "SELECT tablename, may FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) may"
        " WHERE schemaname = 'public' AND NOT has_table_privilege(format('%I', tablename), may)"
    ).fetchall()
    for statement in ("CREATE TABLE mine ()", "DROP TABLE django_session", "TRUNCATE django_session"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)
    return not forbidden


def rows(connection) -> dict:
    """One hash a table, of all its rows."""
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    question = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
    return {name: connection.execute(SQL(question).format(Identifier(name))).fetchone() for (name,) in tables}


def test_p28_the_product_only_uses_the_tables_and_a_backup_brings_them_back(production, tmp_path):
    prepare(production)
    address, dump = reached_by("throughline", production), tmp_path / "throughline.dump"
    with psycopg.connect(address, autocommit=True) as product:
        product.execute("INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')")
        before = rows(product)
        assert may_only_use_the_tables(product)
        with dump.open("wb") as file:
            run_as_readme_says("pg_dump", production, stdout=file)
        product.execute("DELETE FROM django_content_type WHERE app_label = 'a'")
    with psycopg.connect(reached_by("throughline_owner", production)) as owner:
        owner.execute("CREATE TABLE of_a_later_version ()")

    with dump.open() as file:
        run_as_readme_says("pg_restore", production, stdin=file)
    with psycopg.connect(address, autocommit=True) as product:
        assert rows(product) == before
    prepare(production)

    with psycopg.connect(address, autocommit=True) as product:
        assert may_only_use_the_tables(product)
        outsiders = "SELECT has_database_privilege('public', 'throughline', 'CONNECT')"
        assert product.execute(outsiders).fetchone() == (False,)


@pytest.mark.parametrize(("status", "verdict"), [(200, 0), (503, 1)])
def test_the_probe_asks_by_the_name_of_the_site(status, verdict):
    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.headers["Host"] == "throughline.example.gov.uk" else 400)
            self.end_headers()

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as site:
        Thread(target=site.handle_request).start()
        bind = {"SITE_URL": "https://throughline.example.gov.uk", "WEB_BIND": f"0.0.0.0:{site.server_port}"}
        words = [sys.executable, "-m", "config.probe", "/health/ready"]
        probe = subprocess.run(words, cwd=CHECKOUT, env={**os.environ, **bind}, capture_output=True, check=False)

    assert probe.returncode == verdict


def test_an_address_that_is_too_long_reaches_the_page_that_says_so():
    assert gunicorn.limit_request_line > len("GET /teams// HTTP/1.1") + LONGEST_QUERY + 100


def test_demo_mode_binds_nothing_but_loopback():
    open_to_all = {"DEMO": "on", "SITE_URL": "http://localhost:8000", "WEB_BIND": "0.0.0.0:0"}
    words = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]

    web = subprocess.run(
        words, cwd=CHECKOUT, env={**os.environ, **open_to_all}, capture_output=True, text=True, check=False, timeout=60
    )

    assert web.returncode == 1
    assert "only binds loopback, not 0.0.0.0" in web.stderr
