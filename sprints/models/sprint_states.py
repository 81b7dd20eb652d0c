"""Where a sprint may be, how its goal may end, and where what it did not finish may go."""

from django.db import models


class State(models.TextChoices):
    PLANNED = "planned", "Planned"
    ACTIVE = "active", "Active"
    CLOSED = "closed", "Closed"
    CANCELLED = "cancelled", "Cancelled"


class GoalResult(models.TextChoices):
    MET = "met", "Met"
    PARTLY = "partly", "Partly met"
    NOT_MET = "not_met", "Not met"


class Destination(models.TextChoices):
    """Where a story goes that is not done when its sprint is closed."""

    NEXT = "next", "The next sprint"
    BACKLOG = "backlog", "The story backlog"
