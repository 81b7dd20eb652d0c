"""The life of an installation in containers, from `docker-compose.yml` as it is: `make containers`.

Needs a container engine, and is run apart from the other tests. Everything it makes has a name of its own and is
removed; a site that runs on this machine, under the name `throughline`, is left alone. Where an engine must be told
more, `COMPOSE_FILE=docker-compose.yml:more.yml` names the file that tells it.
"""

import json
import os
import re
import secrets
import socket
import subprocess
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from config.embedded.place import CHECKOUT

pytestmark = pytest.mark.containers
PASSWORD = "three words at random"
SITE = "https://throughline.example.gov.uk"
OURS = ["web", "worker", "long", "beat"]
README = (CHECKOUT / "README.md").read_text()


class Installation:
    """What `.env.example` becomes when somebody fills it in, under a project name of its own."""

    def __init__(self, folder):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        example = (CHECKOUT / ".env.example").read_text()
        filled = re.sub(
            r"^(SECRET_KEY|\w+_PASSWORD)=$", lambda line: line[0] + secrets.token_hex(32), example, flags=re.M
        )
        filled = re.sub(r"^EMAIL_URL=.*$", "EMAIL_URL=smtp://mail:1025", filled, flags=re.M)
        (folder / ".env").write_text(re.sub(r"^PORT=.*$", f"PORT={self.port}", filled, flags=re.M))
        apart = {"services": {name: {"image": "throughline-check"} for name in [*OURS, "migrate"]}}
        (folder / "apart.json").write_text(json.dumps(apart))
        files = [*os.environ.get("COMPOSE_FILE", "docker-compose.yml").split(":"), folder / "apart.json"]
        named = [word for file in files for word in ("--file", file)]
        self.words = ["docker", "compose", "--project-name", "throughline-check", "--env-file", folder / ".env", *named]
        self.words += ["--project-directory", CHECKOUT, "--profile", "mail"]

    def compose(self, *words, **streams):
        return subprocess.run([*self.words, *words], cwd=CHECKOUT, check=True, **streams)

    def said_by(self, *words, **streams) -> str:
        return self.compose(*words, stdout=subprocess.PIPE, text=True, **streams).stdout.strip()

    def parts(self) -> dict:
        lines = self.said_by("ps", "--all", "--format", "json").splitlines()
        return {part["Service"]: part for part in map(json.loads, lines)}

    def query(self, statement) -> str:
        return self.said_by("exec", "-T", "postgres", "psql", "-U", "postgres", "-At", "throughline", "-c", statement)

    def as_readme_says(self, program, **streams):
        self.compose(*re.search(rf"docker compose (exec -T postgres {program} .*) [<>]", README)[1].split(), **streams)

    def open(self, path, cookie="", **answers):
        """What the proxy in front gets for a page, or for the answers of a form."""
        as_proxied = {"Host": "throughline.example.gov.uk", "X-Forwarded-Proto": "https"}
        as_browsed = {"Referer": SITE + path, "Cookie": cookie}
        sent = urlencode(answers).encode() if answers else None
        return urlopen(Request(f"http://127.0.0.1:{self.port}{path}", sent, as_proxied | as_browsed), timeout=30)


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("installation"))
    try:
        installation.compose("build")
        installation.compose("up", "--detach", "--wait")
        yield installation
    finally:
        installation.compose("down", "--volumes")


def test_every_part_comes_up_healthy(installation):
    parts = installation.parts()

    assert {parts[name]["Health"] for name in [*OURS, "postgres", "valkey"]} == {"healthy"}
    assert (parts["migrate"]["State"], parts["migrate"]["ExitCode"]) == ("exited", 0)
    assert json.load(installation.open("/health/ready"))["ready"]


@pytest.mark.parametrize("part", OURS)
def test_no_part_is_root_or_can_change_the_product(installation, part):
    asked = "id -u; grep -E 'CapBnd|NoNewPrivs' /proc/self/status; touch /app/config/settings.py || echo refused"

    said = installation.said_by("exec", "-T", part, "sh", "-c", asked, stderr=subprocess.DEVNULL)

    assert said.split() == ["10001", "CapBnd:", "0" * 16, "NoNewPrivs:", "1", "refused"]


def test_only_the_site_is_reached_and_only_from_this_machine(installation):
    published = {
        name: {(one["URL"], one["PublishedPort"]) for one in part["Publishers"] or [] if one["PublishedPort"]}
        for name, part in installation.parts().items()
    }

    assert published.pop("web") == {("127.0.0.1", installation.port)}
    assert published.pop("mail") <= {("127.0.0.1", 8025)}
    assert not any(published.values())


def test_the_first_administrator_is_made_and_letters_leave(installation, eventually):
    given = ["--name", "Ada", "--email", "ada@example.org", "--organisation", "A council", "--programme", "Services"]
    given += ["--team", "Housing", "--prefix", "HOU", "--role", "none", "--password-file", "/dev/stdin"]
    told = installation.said_by("run", "--rm", "-T", "web", "python", "manage.py", "setup", *given, input=PASSWORD)

    page = installation.open("/account/password/reset/")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())[1]
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    installation.open("/account/password/reset/", cookie, csrfmiddlewaretoken=token, email="ada@example.org")

    assert "Ada can sign in as ada@example.org" in told
    eventually(lambda: installation.query("SELECT state FROM teams_outgoingmail") == "sent")


def test_a_playback_can_be_set_as_a_pdf(installation):
    asked = "from research import playback_pdf as it; print(it.is_possible(), it.as_pdf('<h1>Done</h1>')[:5])"

    said = installation.said_by("exec", "-T", "worker", "python", "manage.py", "shell", "--verbosity", "0", "-c", asked)

    assert said == "True b'%PDF-'"


def test_a_backup_comes_back_on_a_new_server(installation, tmp_path, eventually):
    """By the commands of the README, after the volume of the database is lost."""
    installation.query("UPDATE teams_user SET name = 'Ada of before'")
    with (tmp_path / "throughline.dump").open("wb") as dump:
        installation.as_readme_says("pg_dump", stdout=dump)
    installation.compose("rm", "--stop", "--force", "postgres", "web", "worker", "long", "beat", "migrate")
    subprocess.run(["docker", "volume", "rm", "throughline-check_database"], check=True)
    installation.compose("up", "--detach", "--wait", "postgres")

    with (tmp_path / "throughline.dump").open() as dump:
        installation.as_readme_says("pg_restore", stdin=dump)
    installation.compose("up", "migrate")
    installation.compose("up", "--detach", "--wait")

    assert installation.query("SELECT name FROM teams_user") == "Ada of before"
    assert json.load(installation.open("/health/ready"))["ready"]


def test_every_part_stops_by_itself(installation):
    installation.compose("stop")

    ended = {name: part["ExitCode"] for name, part in installation.parts().items() if name != "mail"}
    assert ended == dict.fromkeys(ended, 0), "none was killed for being slow"
