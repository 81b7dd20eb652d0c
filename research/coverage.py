"""Whom a round has heard from, as counts only: who they are stays with the researcher. No database."""

from collections import Counter
from dataclasses import dataclass

ONE_IN = 5  # about as many people have an access need (domain.md §5)


@dataclass(frozen=True)
class Coverage:
    people: int  # met
    groups: list  # (user group, how many)
    access: int
    assisted: int
    gaps: list  # a sentence each

    @property
    def nobody(self):
        return self.people == 0


def coverage(participants, wanted) -> Coverage:
    """`participants` are those met; `wanted` the user groups that the round set out to hear from."""
    counted = Counter(one.user_group for one in participants if one.user_group)
    groups = [(name, counted.pop(name, 0)) for name in wanted] + sorted(counted.items())
    access = sum(bool(one.access_needs) for one in participants)
    assisted = sum(one.assisted_digital for one in participants)
    gaps = [f"Nobody yet from: {name}" for name, count in groups if not count]
    if participants and access * ONE_IN < len(participants):
        gaps.append(f"{access} of {len(participants)} with access needs. About 1 in {ONE_IN} people has one")
    if participants and not assisted:
        gaps.append("Nobody yet who needs help to get online")
    return Coverage(len(participants), groups, access, assisted, gaps)
