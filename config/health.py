"""For load balancers and people on call. Live: the process answers. Ready: send people here."""

import functools
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow

import redis
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from sprints.morning import longest_due
from teams.access import public
from teams.models import OutgoingMail

DATABASE_ANSWERS_WITHIN = 1  # seconds
BROKER_ANSWERS_WITHIN = 0.5
LETTERS_LEAVE_WITHIN = DIGESTS_GO_WITHIN = 300
QUEUES = ["celery", "long"]


@require_http_methods(["GET", "HEAD"])
@public
@transaction.non_atomic_requests  # asks the database nothing: a restart here would not mend a database
def live(request):
    return HttpResponse("live", content_type="text/plain")


@require_http_methods(["GET", "HEAD"])
@public
@transaction.non_atomic_requests
def ready(request):
    """200 when pages work here. What only delays letters is a warning, because sending people elsewhere or nowhere
    would not make it better."""
    facts = database_facts()
    works = is_ready(facts)
    facts = facts or {"database": "does not answer"}
    queues = broker_queues()
    warnings = list(warnings_in(facts)) + ([] if queues else ["The broker does not answer: letters wait"])
    return JsonResponse({"ready": works, **facts, "queues": queues, "warnings": warnings}, status=200 if works else 503)


def is_ready(facts):
    return bool(facts) and facts["migrations_missing"] == 0


def warnings_in(facts):
    if facts.get("oldest_letter_waits", 0) > LETTERS_LEAVE_WITHIN:
        yield "Letters wait for longer than five minutes"
    if facts.get("oldest_digest_due", 0) > DIGESTS_GO_WITHIN:
        yield "A digest is due for longer than five minutes: see manage.py digests"
    if facts.get("letters_unknown"):
        yield "Nobody knows whether some letters arrived: see manage.py letters"


def database_facts():
    """None when the database does not answer in time."""
    asked = _thread.submit(_ask_database)
    try:
        return asked.result(timeout=DATABASE_ANSWERS_WITHIN)
    except TooSlow:
        asked.cancel()
    except DatabaseError:
        pass
    return None


# However often we are asked: a database that stands still holds up no more than this one thread.
_thread = ThreadPoolExecutor(1, thread_name_prefix="ready")


def _ask_database():
    try:
        return {
            "database": "answers",
            "migrations_missing": len(_migrations() - set(MigrationRecorder(connection).applied_migrations())),
            "oldest_letter_waits": OutgoingMail.objects.longest_wait(),
            "letters_waiting": OutgoingMail.objects.unsettled().count(),
            "letters_unknown": OutgoingMail.objects.unknown().count(),
            "letters_failed": OutgoingMail.objects.failed().count(),
            "oldest_digest_due": longest_due(),
        }
    finally:
        connections.close_all()


@functools.cache
def _migrations():
    return set(MigrationLoader(None).disk_migrations)


def broker_queues():
    """Queue → how many wake-ups wait in it; None when the broker does not answer."""
    address = settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://")
    patience = {"socket_timeout": BROKER_ANSWERS_WITHIN, "socket_connect_timeout": BROKER_ANSWERS_WITHIN}
    try:
        with redis.Redis.from_url(address, retry=None, **patience) as broker:
            return {name: broker.llen(name) for name in QUEUES}
    except (redis.RedisError, OSError):
        return None
