"""What a review comes to: into the backlog, set aside or not done, and what each of them needs."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from . import score_place
from .states import State


def mark_ready(opportunity, *, by):
    if not opportunity.is_ready_for_review:
        raise ValidationError("Add a stage, and a finding or a note of the evidence, before it can be reviewed")
    clear = {"reason": "", "open_question": "", "parked_until": None}
    opportunity.become(State.READY, "marked it ready to review", by=by, **clear)


def take_forward(opportunity, *, by):
    needed = [
        ("a theme", opportunity.themes.exists()),
        ("a value", opportunity.value is not None),
        ("a size", opportunity.size is not None),
    ]
    if missing := [word for word, there in needed if not there]:
        raise ValidationError(f"To take it forward, choose {' and '.join(missing)}")
    opportunity.order()
    rank = score_place.key_for(opportunity)
    opportunity.become(State.TAKE_FORWARD, "took it forward", by=by, rank=rank, moved=False)


def park(opportunity, reason, until, *, by):
    if not reason or until is None:
        raise ValidationError("To park it, give a reason and a date to look at it again")
    if until <= timezone.localdate():
        raise ValidationError("The date to look at it again must be in the future")
    opportunity.become(State.PARKED, f"parked it: {reason}", by=by, reason=reason, parked_until=until)


def refuse(opportunity, reason, *, by):
    if not reason:
        raise ValidationError("Say why it won’t be done")
    opportunity.become(State.WONT_DO, f"decided not to do it: {reason}", by=by, reason=reason)


def ask_for_evidence(opportunity, question, *, by):
    if not question:
        raise ValidationError("Say what you need to find out")
    opportunity.become(State.NEEDS_EVIDENCE, f"asked for evidence: {question}", by=by, open_question=question)
