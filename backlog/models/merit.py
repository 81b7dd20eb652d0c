"""The default order of domain.md §3, as the database reckons it."""

from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Cast, Least

from backlog import scoring

# One whole number that sorts as that order does: must-do, then score (exact: every size divides 120), then value, then
# the smaller size, then evidence. Oldest and id break what ties are left.
VALUE = Cast("value", models.BigIntegerField())
MERIT = (
    Case(When(must_do="", then=Value(0)), default=Value(1 << 40))
    + VALUE * Value(scoring.WORTH_UNIT) / F("size") * Value(1 << 30)
    + VALUE * Value(1 << 26)
    + (Value(8) - F("size")) * Value(1 << 22)
    + Least(F("evidence"), Value((1 << 22) - 1))
)
MERIT_ORDER = [F("merit").desc(nulls_last=True), "created_at", "pk"]
