"""Processes that may be killed. They are forked from one that has Django ready, so that they start at once."""

import multiprocessing
import os
import signal
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from pathlib import Path
from unittest.mock import patch

from config.embedded.place import CHECKOUT

births = multiprocessing.get_context("forkserver")


def begin(environment):
    """From now on processes are born with this environment."""
    births.set_forkserver_preload(["tests.faults.ready"])
    with patch.dict(os.environ, environment | {"PYTHONPATH": str(CHECKOUT), "PYTHONWARNINGS": "ignore"}, clear=True):
        forkserver.ensure_running()


@contextmanager
def running(count, work, *arguments):
    started = [births.Process(target=again_and_again, args=(work, *arguments)) for _ in range(count)]
    for process in started:
        process.start()
    try:
        yield started
    finally:
        for process in started:
            end(process)


def again_and_again(work, *arguments):
    """In a child that is forked anew whenever somebody kills it, as Celery's pool does."""
    os.setsid()
    while True:
        child = os.fork()
        if child == 0:
            work(*arguments)
        os.waitpid(child, 0)


def child_of(process):
    """The pid that does the work, or None between a death and the next fork."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return int(children[0]) if children else None


def strike(process, blow) -> bool:
    """Whether it hit the one that does the work."""
    child = child_of(process)
    with suppress(ProcessLookupError):
        if child:
            os.kill(child, blow)
            return True
    return False


def end(process):
    """With all its children, even one that has not come as far as to lead a session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait() if hasattr(process, "wait") else process.join()
