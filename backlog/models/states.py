"""Where an opportunity may be, and where it may go from there (domain.md §2.2)."""

from django.db import models


class State(models.TextChoices):
    NEW = "new", "New"
    READY = "ready", "Ready to review"
    NEEDS_EVIDENCE = "needs_evidence", "Needs evidence"
    TAKE_FORWARD = "take_forward", "Take forward"
    IN_DELIVERY = "in_delivery", "In delivery"
    DELIVERED = "delivered", "Delivered"
    PARKED = "parked", "Parked"
    WONT_DO = "wont_do", "Won’t do"
    MERGED = "merged", "Merged"


class MustDo(models.TextChoices):
    NO = "", "No"
    LEGAL_DUTY = "legal_duty", "Legal duty"
    SAFETY = "safety", "Safety"
    FIXED_DATE = "fixed_date", "Fixed date"


OPEN = [State.NEW, State.READY, State.TAKE_FORWARD, State.IN_DELIVERY]
SET_ASIDE = [State.PARKED, State.NEEDS_EVIDENCE]  # they come back
RANKED = [State.TAKE_FORWARD, State.IN_DELIVERY]  # the programme backlog
SCORABLE = [State.READY, State.TAKE_FORWARD]
OUTCOMES = [State.TAKE_FORWARD, State.PARKED, State.WONT_DO, State.MERGED, State.NEEDS_EVIDENCE]
COMES_FROM = {
    State.READY: [State.NEW, State.NEEDS_EVIDENCE, State.PARKED],
    State.TAKE_FORWARD: [State.READY],
    State.PARKED: [State.READY],
    State.WONT_DO: [State.READY],
    State.MERGED: [State.READY],
    State.NEEDS_EVIDENCE: [State.READY],
    State.IN_DELIVERY: [State.TAKE_FORWARD],
    State.DELIVERED: [State.IN_DELIVERY],
}
