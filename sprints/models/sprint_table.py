"""What the database refuses of a sprint whoever writes it."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

WHOLE_RANGE = Value("[]")
CONSTRAINTS = [
    models.UniqueConstraint(fields=["team", "number"], name="sprint_number_is_unique_in_team"),
    models.UniqueConstraint(fields=["id", "team"], name="sprint_and_its_team"),  # for keys of two columns
    models.UniqueConstraint(fields=["team"], condition=Q(state="active"), name="one_active_sprint_a_team"),
    models.CheckConstraint(name="sprint_ends_after_it_starts", condition=Q(ends_on__gte=F("starts_on"))),
    # Without an extension, GiST compares ranges only; a team is the range of itself.
    ExclusionConstraint(
        name="sprints_of_a_team_never_overlap",
        expressions=[
            (Func("team_id", "team_id", WHOLE_RANGE, function="int8range"), RangeOperators.OVERLAPS),
            (Func("starts_on", "ends_on", WHOLE_RANGE, function="daterange"), RangeOperators.OVERLAPS),
        ],
        condition=~Q(state="cancelled"),
    ),
    models.CheckConstraint(
        name="a_started_sprint_says_who_when_and_what_for",
        condition=Q(started_at=None, started_by=None, state__in=["planned", "cancelled"])
        | (Q(started_at__isnull=False, started_by__isnull=False) & ~Q(sealed_goal="") & ~Q(state="planned")),
    ),
    models.CheckConstraint(
        name="an_ended_sprint_says_who_and_when",
        condition=Q(state__in=["planned", "active"], closed_at=None, closed_by=None, record=None)
        | Q(state__in=["closed", "cancelled"], closed_at__isnull=False, closed_by__isnull=False),
    ),
    models.CheckConstraint(
        name="a_record_says_how_much_was_done",
        condition=Q(record=None, points_done=None) | Q(record__isnull=False, points_done__isnull=False),
    ),
    models.CheckConstraint(
        name="a_closed_sprint_judges_its_goal",
        condition=(Q(state="closed", record__isnull=False) & ~Q(goal_result="") & ~Q(goal_note=""))
        | (~Q(state="closed") & Q(goal_result="")),
    ),
]
