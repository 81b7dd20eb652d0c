"""What can go wrong on the way of a digest: beats find what is due and queue it, workers send it (security.md §3)."""

import datetime as dt
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults import work
from tests.faults.outcome import Outcome
from tests.faults.processes import running, strike
from tests.faults.rig import LEASE
from tests.soak import SOAK, in_soak

LETTERS = 300 if SOAK else 60
SETTLED_WITHIN = 600 if SOAK else 180  # seconds
PEOPLE = 4
TEAMS = LETTERS // PEOPLE

EARLY, HALF_PAST, LATER = dt.time(6), dt.time(8, 30), dt.time(9, 30)
ONE_MORNING = [(1, HALF_PAST)]


@dataclass
class Scenario:
    name: str
    faults: dict = field(default_factory=dict)  # of the mail server
    disturb: Callable | None = None
    clock: list = field(default_factory=lambda: ONE_MORNING)  # what each beat shows, one after the other
    beats: int = 2
    missed: int = 0  # mornings on which no beat looks in time
    tls: bool = False

    def run(self, rig, seed=1, fenced=True):
        rig.do(work.begin_anew, TEAMS, PEOPLE)
        began = time.monotonic()
        faults = self.faults | ({"certificates": str(rig.certificates)} if self.tls else {})
        with (
            rig.mail_server(faults, seed) as sink,
            running(3, work.send, sink.port, fenced, self.tls) as workers,
            running(self.beats, work.look, self.clock) as beats,
        ):
            scene = Scene(rig, sink, workers, beats, random.Random(seed))
            while not self.is_over(rig):
                assert time.monotonic() - began < SETTLED_WITHIN, f"{rig.unsettled()} letters are left"
                if self.disturb:
                    self.disturb(scene)
                scene.turns += 1
                rig.hurry()
                time.sleep(0.1)
            events = sink.events()
        name = self.name + ("" if fenced else " (no fence)")
        return Outcome(name, rig.states(), events, scene.cut, time.monotonic() - began)

    @property
    def mornings(self):
        return {morning for morning, hour in self.clock if hour >= HALF_PAST}

    def is_over(self, rig):
        return rig.morning_runs() >= TEAMS * len(self.mornings) and not rig.unsettled()


@dataclass
class Scene:
    """Who is at work, for whatever disturbs them."""

    rig: object
    sink: object
    workers: list
    beats: list
    dice: random.Random
    turns: int = 0
    seen: int = 0  # letters
    cut: Counter = field(default_factory=Counter)


def kill(scene):
    """After every few letters, in the middle of a batch, however fast the machine."""
    taken = len(scene.sink.events())
    if taken - scene.seen > 1:
        scene.seen = taken
        scene.cut["killed"] += strike(scene.dice.choice(scene.workers), signal.SIGKILL)


def pause(scene):
    """In the middle of a batch, and for longer than the lease, so that the others take over what it held."""
    if scene.rig.hands() < len(scene.workers):
        return
    one = scene.dice.choice(scene.workers)
    if strike(one, signal.SIGSTOP):
        scene.cut["paused"] += 1
        time.sleep(LEASE + 1)
        strike(one, signal.SIGCONT)


def kill_beats(scene):
    """Its successor begins with the first morning again. That costs no letter, so it is not counted."""
    if scene.turns < 10:
        time.sleep(scene.dice.uniform(0, 0.5))
        strike(scene.dice.choice(scene.beats), signal.SIGKILL)


def restart_postgres(scene):
    """Until it has happened twice. Each worker can lose its connection between fence and result."""
    if scene.cut["restarted"] < 2 * len(scene.workers):
        time.sleep(scene.dice.uniform(0.1, 0.5))
        scene.rig.restart_postgres()
        scene.cut["restarted"] += len(scene.workers)


def close_mail_server(scene):
    """Twice. Each worker can lose the reply to one letter."""
    if scene.cut["closed"] < 2 * len(scene.workers):
        time.sleep(scene.dice.uniform(0.1, 0.5))
        scene.sink.close()
        scene.cut["closed"] += len(scene.workers)
        time.sleep(1)
        scene.sink.open()


NO_STAGE_IS_SAFE = {f"{stage} {code}": 0.04 for stage in ("MAIL", "RCPT", "DATA", "body") for code in ("4xx", "5xx")}
LINE_TROUBLE = {f"{stage} {what}": 0.02 for stage in ("MAIL", "RCPT", "DATA") for what in ("421", "drop")}
STALLS = {f"{stage} stall": 0.02 for stage in ("MAIL", "RCPT", "DATA")}
SLOW = {"ack delay": 0.1}
# Two hours back, a day back, a day forward; and a morning without anybody, which is a missed one.
JUMPS = [(1, HALF_PAST), (1, EARLY), (1, LATER), (2, HALF_PAST), (1, HALF_PAST), (4, EARLY), (3, HALF_PAST), (4, LATER)]
FOUR_MORNINGS = [(morning, hour) for morning in (1, 2, 3, 4) for hour in (EARLY, HALF_PAST, LATER)]

SCENARIOS = [
    Scenario("F1 worker killed", {"RCPT 4xx": 0.05}, kill),
    Scenario("F3 three beats, killed and set back", {}, kill_beats, FOUR_MORNINGS, beats=3),
    Scenario("F5 every stage refuses", NO_STAGE_IS_SAFE | LINE_TROUBLE),
    Scenario("F5 TLS broken off or not to be trusted", {"MAIL 421": 0.3}, tls=True),
    Scenario("F6 database restarted, immediate", {}, restart_postgres),
    Scenario("F9 everything at once", NO_STAGE_IS_SAFE | LINE_TROUBLE | {"drop after accept": 0.03}, kill),
]
SCENARIOS += in_soak(
    [
        Scenario("F2 worker paused past its lease", SLOW, pause),
        Scenario("F5 mail server closed", {"connect 421": 0.2}, close_mail_server),
        Scenario("F5 one bad address in ten", {"RCPT 5xx": 0.1}),
        Scenario("F5 stall at each stage", STALLS),
        Scenario("F5 reply withheld or too late", {"drop after accept": 0.05, "late reply": 0.03}),
        Scenario("F8 clock that jumps", {}, None, JUMPS, missed=1),
    ]
)

# Run with the fence pulled out, and so that a double is as good as certain: most of a worker's time is the wait for
# the reply, and every third reply is withheld.
CONTROLS = [
    Scenario("F1 worker killed", SLOW, kill),
    Scenario("F5 reply withheld", {"drop after accept": 0.3}),
    *in_soak([Scenario("F2 worker paused past its lease", SLOW, pause)]),
]
