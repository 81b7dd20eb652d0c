"""Rounds in which everything is asked once, in an order of chance, so that a noisy machine is noisy for all."""

import random
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.bench.pages import LIST
from tests.bench.sites import Browser

FEWEST = 8  # answers, however slow
WARM = 2


@dataclass(frozen=True)
class Sample:
    cpu: float
    p50: float
    bytes: int


def rounds(targets, browsers, count, seconds):
    """For each round: {target: Sample}."""
    for number in range(count):
        order = random.Random(number).sample(targets, len(targets))
        found = {target: sample(target, browsers[target.site, target.size], seconds) for target in order}
        yield {target: found[target] for target in targets}


def sample(target, browser: Browser, seconds) -> Sample:
    browser.reconnect()
    for _ in range(WARM):
        browser.ask(next(target.asks))
    answers, began, spent = [], time.monotonic(), browser.site.cpu()
    while len(answers) < FEWEST or time.monotonic() - began < seconds:
        answers.append(browser.ask(next(target.asks)))
    cpu = (browser.site.cpu() - spent) / len(answers)
    took, sizes = zip(*answers, strict=True)
    return Sample(cpu, statistics.median(took), round(statistics.median(sizes)))


def rates(targets, browsers, size, seconds) -> tuple[float, float]:
    """Answers a second of the product's first page, and of the floor's."""
    pair = targets["product", LIST, size], targets["floor", "(c)", size]
    return tuple(throughput(one, browsers[one.site, size], seconds) for one in pair)


def throughput(target, browser, seconds) -> float:
    """Answers a second over two connections at once."""

    def one(_):
        again, answers, began = Browser(browser.site, browser.session), 0, time.monotonic()
        while time.monotonic() - began < seconds:
            again.ask(next(target.asks))
            answers += 1
        return answers

    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(one, range(2))) / seconds


def at_once(browsers, ask) -> list:
    """How long each of them waited who asked in the same moment, in seconds; the shortest wait first."""
    everybody = Barrier(len(browsers))

    def one(browser):
        everybody.wait()
        took, _ = browser.ask(ask)
        return took

    with ThreadPoolExecutor(len(browsers)) as pool:
        return sorted(pool.map(one, browsers))


@dataclass(frozen=True)
class Effort:
    statements: int
    rows: int  # written
    wal: int  # bytes


WRITTEN = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables"


def effort(target, person) -> Effort:
    """What one request asks of the database, counted in this process and rolled back.

    It is sent three times, and the least log counts: the first change of a page after a checkpoint logs all of it.
    """
    client = Client(SERVER_NAME="localhost")
    client.force_login(person)
    ask = next(target.asks)
    return min((_effort(client, ask) for _ in range(3)), key=lambda effort: effort.wal)


@transaction.atomic
def _effort(client, ask) -> Effort:
    log, written = _one("SELECT pg_current_wal_insert_lsn()"), _one(WRITTEN)
    with CaptureQueriesContext(connection) as asked:
        if ask.data is None:
            answer = client.get(ask.path)
        else:
            answer = client.post(ask.path, ask.data, headers={"HX-Request": "true"})
    assert answer.status_code == 200, answer
    rows, wal = _one(WRITTEN) - written, _one(f"SELECT pg_current_wal_insert_lsn() - '{log}'")
    transaction.set_rollback(True)
    told = [query["sql"] for query in asked if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN"))]
    return Effort(len(told), int(rows), int(wal))


def _one(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
