"""Writing down what happened earlier."""

from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


@contextmanager
def at(moment):
    """Let the models' own verbs believe that it is `moment`, so that history, scores and letters carry its date.

    Everything in the product asks `django.utils.timezone`, and that asks its `datetime`: one place to hold the clock,
    instead of writing into the private columns of each model.
    """

    class Then(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    timezone.datetime = Then
    try:
        yield
    finally:
        timezone.datetime = datetime
