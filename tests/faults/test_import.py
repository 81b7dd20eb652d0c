"""A worker that dies in the middle of an import leaves nothing behind, and the next one does the work once."""

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from backlog.models import Opportunity
from teams.models import Change, Job
from tests.backlog.importing import after_work, applied, checked

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
ROWS = 4000
DO_ONE_JOB = "import django; django.setup(); from teams import jobs; jobs.do_next()"


def a_file(rows=ROWS):
    return "Ref,Title\n" + "".join(f"R{n},Tenants wait for item {n}\n" for n in range(rows))


def killed_on_the_way():
    """kill -9 for a worker of its own, once it has said how far it is."""
    database = connection.settings_dict
    address = f"postgres://{database['USER']}@{quote(str(database['HOST']), safe='')}/{database['NAME']}"
    environment = {**os.environ, "DATABASE_URL": address, "DATABASE_POOL": "off"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    worker = subprocess.Popen([sys.executable, "-c", DO_ONE_JOB], env=environment)
    deadline = time.monotonic() + 60
    while not Job.objects.filter(state=Job.State.RUNNING, done__gt=0).exists():
        assert worker.poll() is None and time.monotonic() < deadline, "the worker was not caught at work"
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until_the_server_noticed()


def wait_until_the_server_noticed():
    with connection.cursor() as cursor:
        for _ in range(3000):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND backend_type = 'client backend' AND xact_start < now()"
            )
            if not cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("the transaction of the worker is still open")


def lease_runs_out():
    Job.objects.filter(state=Job.State.RUNNING).update(beat_at=timezone.now() - dt.timedelta(hours=1))


def test_an_import_whose_worker_dies_is_applied_once(team, product_owner):
    run = checked(team, product_owner.user, a_file())
    run.apply(by=product_owner.user)
    killed_on_the_way()
    assert not Opportunity.objects.exists() and not Change.objects.exists()

    lease_runs_out()
    after_work(run)

    assert (run.state, run.counts["created"]) == ("applied", ROWS)
    numbers = Opportunity.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, ROWS + 1))


def test_an_undo_whose_worker_dies_is_done_once(team, product_owner):
    run = applied(team, product_owner.user, a_file())
    run.undo(by=product_owner.user)
    killed_on_the_way()
    assert Opportunity.objects.count() == ROWS

    lease_runs_out()
    after_work(run)

    assert (run.state, run.counts["removed"], Opportunity.objects.count()) == ("undone", ROWS, 0)
