"""PostgreSQL and Valkey up, and the addresses under which the product finds them."""

from contextlib import ExitStack, contextmanager

from config.embedded import postgres, valkey


@contextmanager
def services(place, *, durable=True):
    """Run both in a claimed place for as long as the block lasts. Yields their parts; stops Valkey first."""
    with ExitStack() as running:
        place.prepare()
        parts = []
        for start in (lambda: postgres.start(place, durable=durable), lambda: valkey.start(place)):
            part = start()
            running.callback(part.stop)
            parts.append(part)
        yield parts


def addresses(place):
    return {"DATABASE_URL": postgres.url(place), "BROKER_URL": valkey.url(place)}
