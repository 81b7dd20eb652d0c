"""How much of a session's notes a page shows, so that it is sent what is new and nothing else."""

import re
from dataclasses import dataclass

WRITTEN = re.compile(r"(\d{1,18})-(\d{1,18})-(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """Changes with whatever is added, rewritten or removed: nothing that is removed leaves as many of them, and
    nothing that is rewritten leaves as many writes."""

    count: int = 0
    last: int = 0  # key of the newest
    writes: int = 0

    @classmethod
    def read(cls, text):
        """As a page sends it. What cannot be read is the stamp of a page without notes."""
        found = WRITTEN.fullmatch(text)
        return cls(*map(int, found.groups())) if found else cls()

    def __str__(self):
        return f"{self.count}-{self.last}-{self.writes}"

    def with_more(self, rows):
        """What it is once these were added, in their order."""
        last = rows[-1].pk if rows else self.last
        return Stamp(self.count + len(rows), last, self.writes + sum(row.version for row in rows))
