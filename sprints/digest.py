"""What a digest says. The preview page and the letter are made from the same `Digest`, and a run keeps it."""

import datetime as dt
from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Line:
    """One thing that stands in the way."""

    title: str
    facts: str
    address: str
    is_new: bool = False


@dataclass(frozen=True)
class Section:
    heading: str
    lines: tuple


@dataclass(frozen=True)
class Digest:
    team: str
    slug: str
    on: dt.date
    sections: tuple
    subject: str
    sprint: str = ""
    goal: str = ""
    left_out: int = 0
    asides: tuple = ()  # sections of other apps
    personal: bool = False  # a service lead's: what waits on one person

    @property
    def is_empty(self):
        """Nothing stands in the way and nothing was cleared away."""
        return not self.sections

    def frozen(self) -> dict:
        return asdict(self) | {"on": self.on.isoformat()}

    @classmethod
    def thawed(cls, kept):
        parts = {name: tuple(map(_section, kept[name])) for name in ("sections", "asides")}
        return cls(**kept | parts | {"on": dt.date.fromisoformat(kept["on"])})


def _section(kept):
    return Section(kept["heading"], tuple(Line(**line) for line in kept["lines"]))


def as_a_test(digest) -> Digest:
    return replace(digest, subject=f"Test: {digest.subject}")
