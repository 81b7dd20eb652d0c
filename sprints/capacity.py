"""How much of a sprint its people are there for, in person-days. No database, no clock."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Presence:
    """The days of a sprint that one person works on, and how many of them they are away."""

    name: str
    days: int
    away: int

    @property
    def there(self) -> int:
        return self.days - self.away


def presences(people, days, absences) -> list:
    """A Presence for each of `people`, (id, name, weekdays) each; `absences` are (id, first day, last day)."""
    theirs = {key: {day for day in days if day.weekday() in weekdays} for key, _, weekdays in people}
    away = {key: set() for key in theirs}
    for key, first, last in absences:
        away.setdefault(key, set()).update(day for day in days if first <= day <= last)
    return [Presence(name, len(theirs[key]), len(theirs[key] & away[key])) for key, name, _ in people]


def person_days(found) -> int:
    return sum(one.there for one in found)
