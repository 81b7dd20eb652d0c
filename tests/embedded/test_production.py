"""What can be checked of the production shape on a machine without a container engine."""

import os
import re
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import quote

import psycopg
import pytest

from config.embedded import binaries, install, postgres
from config.embedded.place import CHECKOUT

COMPOSE = (CHECKOUT / "docker-compose.yml").read_text()
DOCKERFILE = (CHECKOUT / "Dockerfile").read_text()
SECRETS = {"OWNER_PASSWORD": "owner's", "DATABASE_PASSWORD": "product's"}


def test_every_variable_of_compose_is_explained_in_the_example():
    wanted = set(re.findall(r"(?<!\$)\$\{(\w+)", COMPOSE))
    explained = set(re.findall(r"^(\w+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))

    assert wanted == explained


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
def production_database(place):
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
    yield lambda user: f"postgres://{user}@{quote(str(place.sockets), safe='')}/throughline"
    part.stop()


def test_the_owner_makes_the_tables_and_the_product_only_uses_them(production_database):
    environment = {**os.environ, "DATABASE_URL": production_database("throughline_owner"), "DEMO": "off"}
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=CHECKOUT, env=environment, check=True)

    with psycopg.connect(production_database("throughline"), autocommit=True) as product:
        forbidden = product.execute(
            "SELECT tablename, may FROM pg_tables, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) may"
            " WHERE schemaname = 'public' AND NOT has_table_privilege(format('%I', tablename), may)"
        )
        assert forbidden.fetchall() == []
        product.execute("INSERT INTO django_content_type (app_label, model) VALUES ('a', 'b')")
        for statement in ("CREATE TABLE mine ()", "DROP TABLE django_session", "TRUNCATE django_session"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                product.execute(statement)


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


def test_demo_mode_binds_nothing_but_loopback():
    open_to_all = {"DEMO": "on", "SITE_URL": "http://localhost:8000", "WEB_BIND": "0.0.0.0:0"}
    words = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]

    web = subprocess.run(
        words, cwd=CHECKOUT, env={**os.environ, **open_to_all}, capture_output=True, text=True, check=False, timeout=60
    )

    assert web.returncode == 1
    assert "only binds loopback, not 0.0.0.0" in web.stderr
