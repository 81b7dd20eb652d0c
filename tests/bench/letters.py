"""G10: the letters of one morning, to a mail server that takes everything.

The measure is a loop of the same letters over one connection that makes the same two commits for each. Both are run
in turns, a thousand letters a turn. The time that finding, writing and queueing the letters took is added to ours.
"""

import datetime as dt
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from unittest.mock import patch

from config.embedded.place import CHECKOUT

LETTERS, A_TURN = 10_000, 1_000
A_YEAR = dt.timedelta(days=365)
MOST = {"messages": 200, "connections": 200, "statements": 2.2, "wall": 1.5}


def text(making) -> str:
    """Wants a morning that is queued (tests/bench/mornings.py), and how many seconds that took for each letter."""
    from django.conf import settings
    from django.db import connection
    from django.db.models.functions import Now

    from teams import mail
    from teams.models import OutgoingMail

    OutgoingMail.objects.update(not_before=Now() + A_YEAR, give_up_at=Now() + 2 * A_YEAR)
    ids = list(OutgoingMail.objects.order_by("pk").values_list("pk", flat=True)[:LETTERS])
    turns = [ids[n : n + A_TURN] for n in range(0, len(ids), A_TURN)]
    ratios, statements, wake_ups = [], [], 0
    with mail_server() as settings.EMAIL_PORT, patch.object(mail, "Line", wraps=mail.Line) as line:
        for turn in turns:
            bare = timed(bare_loop, turn)
            release(turn)
            with connection.execute_wrapper(lambda ask, *rest: (statements.append(1), ask(*rest))[1]):
                began = time.perf_counter()
                while mail.send_waiting():
                    wake_ups += 1
                ratios.append((time.perf_counter() - began + making * len(turn)) / bare)
    assert OutgoingMail.objects.filter(pk__in=ids, state="sent").count() == len(ids)
    is_ = {
        "messages": wake_ups,
        "connections": line.call_count,
        "statements": len(statements) / len(ids),
        "wall": median(ratios),
    }
    return f"G10 a morning of {len(ids):,} letters, made and sent by one worker\n" + "\n".join(
        f"    {what:12}{is_[what]:8.2f}  at most {most:g}: {'kept' if is_[what] <= most else 'NOT KEPT'}"
        for what, most in MOST.items()
    )


def rest() -> str:
    """Those beyond, without a loop beside them."""
    from django.conf import settings

    from teams import mail
    from teams.models import OutgoingMail

    left = OutgoingMail.objects.unsettled()
    if not (count := left.count()):
        return ""
    release(left.values("pk"))
    with mail_server() as settings.EMAIL_PORT:
        seconds = timed(lambda: all(iter(mail.send_waiting, 0)))
    assert not left.exists()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"    the other {count:,} were sent in {seconds:.0f} s; the process came to need {peak} MiB"


@contextmanager
def mail_server():
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.faults.sink", Path(folder) / "ledger", "1", '{"ack delay": 0}', "0"]
        with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as sink:
            try:
                yield int(sink.stdout.readline())
            finally:
                sink.kill()


def timed(what, *arguments) -> float:
    began = time.perf_counter()
    what(*arguments)
    return time.perf_counter() - began


def bare_loop(ids):
    from django.conf import settings

    from teams.models import OutgoingMail
    from teams.writing import as_bytes

    letters = OutgoingMail.objects
    with smtplib.SMTP("127.0.0.1", settings.EMAIL_PORT) as line:
        for letter in letters.filter(pk__in=ids):
            letters.filter(pk=letter.pk).update(state="cancelled")
            line.sendmail("throughline@localhost", letter.to, as_bytes(letter))
            letters.filter(pk=letter.pk).update(state="failed")


def release(ids):
    from django.utils import timezone

    from teams.models import OutgoingMail

    OutgoingMail.objects.filter(pk__in=ids).update(state="waiting", not_before=timezone.now(), settled_at=None)
