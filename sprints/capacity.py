"""How much of a sprint its people are there for, in person-days. No database, no clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Presence:
    """One person's working days in a sprint and how many of them they are away."""

    name: str
    days: int
    away: int

    @property
    def there(self) -> int:
        return self.days - self.away


def presences(people, days, absences) -> list:
    """A Presence for each of `people`, (id, name) pairs; `absences` are (id, first day, last day)."""
    away = {key: set() for key, _ in people}
    for key, first, last in absences:
        if key in away:
            away[key] |= {day for day in days if first <= day <= last}
    return [Presence(name, len(days), len(away[key])) for key, name in people]


def person_days(found) -> int:
    return sum(one.there for one in found)
