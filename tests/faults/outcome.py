"""What became of each letter, as the ledger of the mail server and the table saw it."""

from collections import Counter
from dataclasses import dataclass

HEADINGS = ["fault", "letters", "sent", "failed", "unknown", "missing", "doubled", "cuts", "withheld", "time"]


@dataclass
class Outcome:
    name: str
    states: dict
    events: list  # of the ledger
    cut: Counter  # kills, pauses and restarts by the driver
    seconds: float

    @property
    def accepted(self):
        return Counter(letter for event, letter in self.events if event == "accepted")

    @property
    def withheld(self):
        """Replies that the mail server kept to itself."""
        return sum(event == "withheld" for event, _ in self.events)

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

    def check(self):
        """The promise of P20."""
        assert len(self.accepted) > len(self.states) / 2
        assert not self.doubled
        assert not [letter for event, letter in self.events if event == "readable"]  # by a stranger
        assert self.missing <= self.unknown
        assert len(self.unknown) <= self.doubts
        assert self.in_state("sent") <= set(self.accepted)
        assert not self.in_state("failed") & set(self.accepted)

    def row(self):
        counts = [self.in_state("sent"), self.in_state("failed"), self.unknown, self.missing, self.doubled]
        cells = [self.name, len(self.states), *map(len, counts)]
        return [*cells, sum(self.cut.values()), self.withheld, f"{self.seconds:.0f} s"]
