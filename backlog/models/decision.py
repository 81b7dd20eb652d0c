"""What a review session decides about one opportunity, and how that is carried out."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError

from .opportunity import Opportunity
from .states import State


@dataclass(frozen=True)
class Decision:
    """What a room decides about one opportunity. None leaves words and themes as they are."""

    outcome: str
    value: int | None = None
    size: int | None = None
    themes: tuple | None = None
    title: str | None = None
    recommendation: str | None = None
    reason: str = ""
    until: object = None
    question: str = ""
    target: Opportunity | None = None

    def describe(self, thing, *, by):
        """Words and themes, where they changed, then value and size."""
        words = {
            name: getattr(self, name)
            for name in ("title", "recommendation")
            if getattr(self, name) not in (None, getattr(thing, name))
        }
        themes = self.themes
        if themes is not None and {theme.pk for theme in themes} == {*thing.themes.values_list("pk", flat=True)}:
            themes = None
        if words or themes is not None:
            thing.edit(by=by, themes=themes, **words)
        if (self.value, self.size) != (thing.value, thing.size):
            thing.set_score(self.value, self.size, by=by)

    def conclude(self, thing, *, by):
        if self.outcome == State.TAKE_FORWARD:
            thing.take_forward(by=by)
        elif self.outcome == State.PARKED:
            thing.park(self.reason, self.until, by=by)
        elif self.outcome == State.WONT_DO:
            thing.refuse(self.reason, by=by)
        elif self.outcome == State.MERGED:
            thing.merge_into(self.target, by=by)
        elif self.outcome == State.NEEDS_EVIDENCE:
            thing.ask_for_evidence(self.question, by=by)
        else:
            raise ValidationError("Choose an outcome")

    def as_kept_of(self, thing) -> dict:
        """What was decided, as it is now: a summary does not change later."""
        return {
            "value": thing.value,
            "size": thing.size,
            "themes": [theme.name for theme in thing.themes.all()],
            "note": self.reason or self.question or (self.target.reference if self.target else ""),
        }
