"""Where a blocker may be, and where it may go from there (domain.md §2.2)."""

from django.db import models


class State(models.TextChoices):
    RAISED = "raised", "Raised"
    OWNED = "owned", "Owned"
    ESCALATED = "escalated", "Escalated"
    RESOLVED = "resolved", "Resolved"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Category(models.TextChoices):
    DECISION = "decision", "Decision"
    ACCESS = "access", "Access or environment"
    OTHER_TEAM = "other_team", "Another team"
    SUPPLIER = "supplier", "Supplier"
    PEOPLE = "people", "People"
    RECRUITMENT = "recruitment", "Participant recruitment"
    POLICY = "policy", "Policy or legal"
    OTHER = "other", "Something else"


class Impact(models.TextChoices):
    STOPS = "stops", "Stops the work"
    SLOWS = "slows", "Slows the work"


OPEN = [State.RAISED, State.OWNED, State.ESCALATED]
IN_HAND = [State.OWNED, State.ESCALATED]
POSSIBLE_IN = {
    "edit": OPEN,
    "take": [State.RAISED],
    "assign": OPEN,
    "escalate": [State.OWNED],
    "hand_back": [State.ESCALATED],
    "resolve": OPEN,
    "withdraw": [State.RAISED],
    "reopen": [State.RESOLVED],
    "confirm": OPEN,
    "say": [*OPEN, State.RESOLVED],
}
