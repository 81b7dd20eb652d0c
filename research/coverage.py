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
    """`participants` are those met, each with how many `came`; `wanted` the user groups to be heard."""
    counted, people = Counter(), sum(one.came for one in participants)
    for one in participants:
        counted[one.user_group] += one.came if one.user_group else 0
    counted.pop("", None)
    groups = [(name, counted.pop(name, 0)) for name in wanted] + sorted(counted.items())
    access = sum(one.came for one in participants if one.access_needs)
    assisted = sum(one.came for one in participants if one.assisted_digital)
    gaps = [f"Nobody yet from: {name}" for name, count in groups if not count]
    if participants and access * ONE_IN < people:
        gaps.append(f"{access} of {people} with access needs. About 1 in {ONE_IN} people has one")
    if participants and not assisted:
        gaps.append("Nobody yet who needs help to get online")
    return Coverage(people, groups, access, assisted, gaps)
