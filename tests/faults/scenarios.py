"""What can go wrong while letters are sent, and what became of each letter."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from tests.faults.rig import LEASE, child_of

LETTERS = 300 if os.environ.get("SOAK") else 60
SETTLED_WITHIN = 600 if os.environ.get("SOAK") else 120  # seconds


@dataclass
class Outcome:
    """Every letter, as the mail server's ledger and the table saw it."""

    name: str
    letters: int
    states: dict
    accepted: Counter
    withheld: int  # replies that the mail server kept to itself
    cut: Counter  # kills, pauses and restarts by the driver
    seconds: float

    def in_state(self, state):
        return {letter for letter, found in self.states.items() if found == state}

    @property
    def doubled(self):
        return {letter for letter, times in self.accepted.items() if times > 1}

    @property
    def missing(self):
        """Neither delivered nor refused for good."""
        return set(self.states) - set(self.accepted) - self.in_state("failed")

    @property
    def unknown(self):
        return self.in_state("unknown")

    @property
    def doubts(self):
        """How many letters can be in doubt: one for each reply kept back and for each worker that was cut off."""
        return self.withheld + sum(self.cut.values())

    def row(self):
        cells = [self.name, self.letters, len(self.in_state("sent")), len(self.in_state("failed")), len(self.unknown)]
        cells += [len(self.missing), len(self.doubled), sum(self.cut.values()), self.withheld, f"{self.seconds:.0f} s"]
        return cells


HEADINGS = ["fault", "letters", "sent", "failed", "unknown", "missing", "doubled", "cuts", "withheld", "time"]


@dataclass
class Scenario:
    name: str
    faults: dict = field(default_factory=dict)
    disturb: Callable | None = None

    def run(self, rig, letters=None, seed=1, fenced=True, workers=2):
        letters = letters or LETTERS
        dice, cut, began = random.Random(seed), Counter(), time.monotonic()
        rig.queue(letters)
        with rig.mail_server(self.faults, seed) as (port, ledger), rig.workers(port, workers, fenced) as started:
            while rig.unsettled():
                assert time.monotonic() - began < SETTLED_WITHIN, f"{rig.unsettled()} letters are left"
                if self.disturb:
                    self.disturb(rig, started, dice, cut)
                rig.hurry()
                time.sleep(0.1)
            lines = ledger.read_text().splitlines()
        events = [line.split() for line in lines]
        return Outcome(
            self.name + ("" if fenced else " (no fence)"),
            letters,
            rig.states(),
            Counter(letter for event, letter in events if event == "accepted"),
            sum(event == "withheld" for event, _ in events),
            cut,
            time.monotonic() - began,
        )


def kill(rig, workers, dice, cut):
    time.sleep(dice.uniform(0, 0.2))
    child = child_of(dice.choice(workers))
    if child:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
            cut["killed"] += 1


def pause(rig, workers, dice, cut):
    """In the middle of a batch, and for longer than the lease, so that the others take over what it held."""
    if rig.hands() < len(workers):
        return
    child = child_of(dice.choice(workers))
    if child:
        os.kill(child, signal.SIGSTOP)
        cut["paused"] += 1
        time.sleep(LEASE + 1)
        os.kill(child, signal.SIGCONT)


def restart_postgres(rig, workers, dice, cut):
    """Until it has happened twice. Each worker can lose its connection between fence and result."""
    if cut["restarted"] < 2 * len(workers):
        time.sleep(dice.uniform(0.1, 0.5))
        rig.restart_postgres()
        cut["restarted"] += len(workers)


NO_STAGE_IS_SAFE = {f"{stage} {code}": 0.04 for stage in ("MAIL", "RCPT", "DATA", "body") for code in ("4xx", "5xx")}
LINE_TROUBLE = {f"{stage} {what}": 0.02 for stage in ("MAIL", "RCPT", "DATA") for what in ("421", "drop")}
SLOW = {"ack delay": 0.1}

SCENARIOS = [
    Scenario("worker killed", {"RCPT 4xx": 0.05}, kill),
    Scenario("worker paused past its lease", SLOW, pause),
    Scenario("every stage refuses", NO_STAGE_IS_SAFE),
    Scenario("line cut before the body", LINE_TROUBLE | {"connect 421": 0.2}),
    Scenario("reply withheld", {"drop after accept": 0.05}),
    Scenario("reply too late", {"late reply": 0.05}),
    Scenario("stall at each stage", {f"{stage} stall": 0.02 for stage in ("MAIL", "RCPT", "DATA")}),
    Scenario("database restarted, immediate", {}, restart_postgres),
    Scenario("everything at once", NO_STAGE_IS_SAFE | LINE_TROUBLE | {"drop after accept": 0.03}, kill),
]

# Run with the fence pulled out, and so that a double is as good as certain: most of a worker's time is the wait for
# the reply, and every third reply is withheld.
CONTROLS = [
    Scenario("reply withheld", {"drop after accept": 0.3}),
    Scenario("worker killed", SLOW, kill),
    Scenario("worker paused past its lease", SLOW, pause),
]
