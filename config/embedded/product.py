"""The parts of the product, and what comes before them: each a command of its own, with a log of its own."""

import os
import secrets
import sys
from dataclasses import dataclass, field

from config.embedded.place import CHECKOUT
from config.embedded.services import addresses
from config.embedded.trouble import Trouble

MANAGE = [sys.executable, "manage.py"]
CELERY = [sys.executable, "-m", "celery", "--app", "config.celery"]


@dataclass(frozen=True)
class Command:
    name: str
    says: str
    argv: list
    environment: dict = field(default_factory=dict)


def steps(place):
    """What brings an empty machine, or last week's data, to the state that the parts expect."""
    slow = {"STATEMENT_TIMEOUT_MS": "0", "DATABASE_POOL": "off"}
    prepare = [*MANAGE, "prepare", "--words", words(place)]
    yield Command("prepare", "Bringing the database up to date", prepare, slow)
    yield Command("assets", "Building styles and scripts", [sys.executable, "-m", "config.assets"])
    if static_files_have_changed():
        yield Command("static", "Collecting static files", [*MANAGE, "collectstatic", "--no-input"])


def words(place):
    """What the database has to say to whoever starts it: the demo accounts, or the code for the first account."""
    return place.state / "words"


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
        "DEMO": demo(place),
        "ERASURE_LEDGER": str(place.state / "erasures.jsonl"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(CHECKOUT),
    }


def demo(place):
    """On unless the first start said DEMO=off, and from then on as it was: demo mode signs people in without a
    password, so it must never come to a database that somebody has set up for real."""
    chosen = place.state / "demo"
    wanted = os.environ.get("DEMO")
    if not chosen.exists():
        chosen.write_text(wanted or "on")
    if wanted not in (None, chosen.read_text()):
        raise Trouble(f"This checkout was begun with DEMO={chosen.read_text()}: `make reset` forgets its data.")
    return chosen.read_text()


def secret_key(place):
    """Made once per checkout, so that nobody is signed out by a restart."""
    path = place.state / "secret-key"
    if not path.exists():
        draft = path.with_suffix(".draft")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        draft.rename(path)
    return path.read_text()
