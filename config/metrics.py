"""The figures of /health/ready for whoever keeps and draws them, as Prometheus reads them. Whoever asks shows
METRICS_TOKEN; without that setting there is no such page. Figures only: no team, no person, no word."""

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_http_methods

from config.health import broker_queues, database_facts, is_ready
from teams.access import public

FIGURES = {  # of the database's facts
    "letters_waiting": "Letters that are queued or in the hands of a worker.",
    "letters_unknown": "Letters of which nobody knows whether they arrived: each needs a person.",
    "letters_failed": "Letters of the last 30 days that were refused or came too late.",
    "oldest_letter_waits": "Seconds for which the letter that is due longest has been due.",
    "oldest_digest_due": "Seconds for which the digest that is due longest has been due.",
}


@require_http_methods(["GET", "HEAD"])
@public
@transaction.non_atomic_requests
def metrics(request):
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not constant_time_compare(shown, settings.METRICS_TOKEN):
        raise Http404
    return HttpResponse("".join(lines()), content_type="text/plain; version=0.0.4; charset=utf-8")


def lines():
    """A figure that nobody knows is left out: a zero would say that all is well."""
    facts, queues = database_facts(), broker_queues()
    yield from gauge("ready", "Whether pages work here.", {"": int(is_ready(facts))})
    yield from gauge("database_up", "Whether PostgreSQL answers in time.", {"": int(bool(facts))})
    yield from gauge("broker_up", "Whether Valkey answers in time.", {"": int(queues is not None)})
    for name, says in FIGURES.items():
        if facts:
            yield from gauge(name, says, {"": facts[name]})
    if queues:
        by_queue = {f'{{queue="{queue}"}}': length for queue, length in queues.items()}
        yield from gauge("queue_length", "Wake-ups that wait in a queue.", by_queue)


def gauge(name, says, values):
    yield f"# HELP throughline_{name} {says}\n# TYPE throughline_{name} gauge\n"
    for labels, value in values.items():
        yield f"throughline_{name}{labels} {value}\n"
