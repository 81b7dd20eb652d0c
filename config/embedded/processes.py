"""Processes that we start, remember on disk, and can find again after we were killed."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 40  # seconds; longer than the web server (25) and the worker (20) give their work in hand


@dataclass
class Part:
    """One running part of the product. It leads a session of its own, so that Ctrl-C does not reach it,
    but only whoever stops the parts in order."""

    name: str
    popen: subprocess.Popen = field(repr=False)
    record: Path
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def pid(self):
        return self.popen.pid

    @property
    def has_ended(self):
        return self.popen.poll() is not None

    def ask_to_stop(self):
        if not self.has_ended:
            self.popen.send_signal(self.stop_signal)

    def wait(self, patience=PATIENCE):
        try:
            self.popen.wait(patience)
        except subprocess.TimeoutExpired:
            _kill_session(self.pid)
            self.popen.wait()
        _kill_session(self.pid)  # whatever the leader has left behind
        self.record.unlink(missing_ok=True)

    def stop(self):
        self.ask_to_stop()
        self.wait()


def start(place, name, argv, *, stop_signal=signal.SIGTERM, **options):
    """Start one part. Its words go to a log file of its own, which begins anew at each start."""
    log = place.state / "log" / f"{name}.log"
    with log.open("wb") as output:
        popen = subprocess.Popen(
            [os.fspath(word) for word in argv],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    record = _records(place) / f"{name}.json"
    record.parent.mkdir(exist_ok=True)
    record.write_text(json.dumps({"pid": popen.pid, "born": born(popen.pid), "stop_signal": int(stop_signal)}))
    return Part(name, popen, record, log, stop_signal)


def stop_what_was_left(place):
    """Stop the parts of an earlier start that was killed. Last started, first stopped: servers go last."""
    for path in sorted(_records(place).glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True):
        try:
            left = json.loads(path.read_text())
        except ValueError:  # killed while it was written: the part was not ready yet either
            left = {"pid": 0, "born": None}
        if left["born"] and born(left["pid"]) == left["born"]:
            _stop_stranger(left["pid"], left["born"], left["stop_signal"])
        path.unlink()


def born(pid):
    """When a process began: tells it from a later one of the same number. None if it is gone."""
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if state == "Z" else rest[18]
    except FileNotFoundError:
        if Path("/proc/self/stat").exists():
            return None
    ps = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return ps.stdout.strip() or None


def _stop_stranger(pid, birth, stop_signal):
    """A process that is no longer our child: we cannot wait for it, only look whether it is still there."""
    os.kill(pid, stop_signal)
    deadline = time.monotonic() + PATIENCE
    while born(pid) == birth and time.monotonic() < deadline:
        time.sleep(0.05)
    if born(pid) == birth:
        _kill_session(pid)


def _kill_session(leader):
    with suppress(ProcessLookupError, PermissionError):  # gone; macOS says the latter of a group of zombies
        os.killpg(leader, signal.SIGKILL)


def _records(place):
    return place.state / "parts"
