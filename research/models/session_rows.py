"""What can be asked of many sessions at once."""

import re

from django.db import models, transaction
from django.db.models import Count, Max

from .participant import Participant
from .states import MET


class SessionQuerySet(models.QuerySet):
    def met(self):
        """Somebody was there, and nothing was withdrawn."""
        return self.filter(state__in=MET)

    def kept(self):
        return self.filter(erased_at=None)

    def with_counts(self):
        """In the order of their days, which counted rows lose."""
        return self.order_by("starts_at", "pk").annotate(observation_count=Count("observations"))

    def people(self) -> int:
        """How many different people these are; somebody met twice is one, a group as many as came."""
        each = self.order_by().values("round", "code").annotate(came=Max("people"))
        return sum(each.values_list("came", flat=True))

    @transaction.atomic
    def plan(self, round_, *, by, note_takers=(), **fields):
        """A session with somebody new, who gets the next code of the round."""
        round_.insist_it_is_kept()
        type(round_).objects.select_for_update().get(pk=round_.pk)  # two planned at once get two codes
        about = {name: fields.pop(name) for name in Participant.ABOUT if name in fields}
        someone = Participant.objects.create(round=round_, code=self._next_code(round_), **about)
        session = self.create(round=round_, participant=someone, code=someone.code, **fields)
        session.note_takers.set(note_takers)
        session.record("planned a session", by=by)
        return session

    def _next_code(self, round_) -> str:
        taken = round_.sessions.values_list("code", flat=True)
        return f"P{max((int(re.sub(r'[^0-9]', '', code) or 0) for code in taken), default=0) + 1}"
