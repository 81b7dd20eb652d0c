"""The parts of the product, and what comes before them: each a command of its own, with a log of its own."""

import os
import secrets
import sys
from dataclasses import dataclass, field

from config.embedded.place import CHECKOUT
from config.embedded.services import addresses

MANAGE = [sys.executable, "manage.py"]
CELERY = [sys.executable, "-m", "celery", "--app", "config.celery"]


@dataclass(frozen=True)
class Command:
    name: str
    says: str
    argv: list
    environment: dict = field(default_factory=dict)


def steps():
    """What brings an empty machine, or last week's data, to the state that the parts expect."""
    slow = {"STATEMENT_TIMEOUT_MS": "0", "DATABASE_POOL": "off"}
    yield Command("prepare", "Bringing the database up to date", [*MANAGE, "prepare"], slow)
    if (CHECKOUT / "config/assets.py").exists():
        yield Command("assets", "Building styles and scripts", [sys.executable, "-m", "config.assets"])
    if static_files_have_changed():
        yield Command("static", "Collecting static files", [*MANAGE, "collectstatic", "--no-input"])


def static_files_have_changed():
    """Compressing them takes longer than everything else, so an unchanged product leaves it out."""
    collected = CHECKOUT / "staticfiles" / "staticfiles.json"
    if not collected.exists():
        return True
    sources = [CHECKOUT / "uv.lock", *(CHECKOUT / "static").rglob("*")]
    return any(source.stat().st_mtime > collected.stat().st_mtime for source in sources)


def parts(place):
    """The web server, a worker for letters, one for long jobs, and beat, the one clock."""
    web = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "config.wsgi"]
    worker = [*CELERY, "worker", "--concurrency", "1", "--loglevel", "warning"]
    long = [*worker, "--queues", "long", "--hostname", "long@%h"]
    beat = [*CELERY, "beat", "--loglevel", "warning", "--pidfile", "", "--schedule", place.state / "beat-schedule"]
    yield Command("web", "web server", web, {"APPLICATION_NAME": "web"})
    yield Command("worker", "worker", worker, {"APPLICATION_NAME": "worker", "DATABASE_POOL": "off"})
    patient = {"APPLICATION_NAME": "long", "DATABASE_POOL": "off", "STATEMENT_TIMEOUT_MS": "300000"}
    yield Command("long", "worker for long jobs", long, patient)
    yield Command("beat", "clock", beat, {"APPLICATION_NAME": "beat", "DATABASE_POOL": "off"})


def settings(place, port):
    """What config/settings.py reads. A .env file, meant for a real installation, does not reach in here."""
    return {
        **os.environ,
        **addresses(place),
        "SITE_URL": f"http://localhost:{port}",
        "WEB_BIND": f"127.0.0.1:{port}",
        "SECRET_KEY": secret_key(place),
        "DEBUG": "off",
        "DEMO": os.environ.get("DEMO", "on"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(CHECKOUT),
    }


def secret_key(place):
    """Made once per checkout, so that nobody is signed out by a restart."""
    path = place.state / "secret-key"
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        draft.rename(path)
    return path.read_text()
