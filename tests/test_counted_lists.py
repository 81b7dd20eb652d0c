"""Rows that are counted by group lose the order of their model: Django leaves it out, and a list comes as it likes."""

import pytest

from backlog.models import Journey, ReviewSession
from research.models import Round, Session
from teams.models import Team


@pytest.mark.parametrize("counted", [
    Journey.objects.with_counts, ReviewSession.objects.with_counts, Round.objects.with_counts,
    Session.objects.with_counts, Team.objects.with_people_counted,
])  # fmt: skip
def test_what_is_counted_comes_in_an_order(counted):
    assert counted().ordered
