import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from sprints.models import Sprint
from teams.models import Conflict
from tests.factories import TeamFactory, planned_sprint

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 12, 14)


@pytest.fixture(autouse=True)
def november():
    with time_machine.travel("2026-11-09T09:00Z", tick=False):
        yield


@pytest.fixture
def owner(product_owner):
    return product_owner.user


def test_sprints_are_numbered_in_their_team(team, owner):
    planned_sprint(TeamFactory(), owner)

    first = planned_sprint(team, owner, number=6)
    second = planned_sprint(team, owner, starts_on=MONDAY)

    assert [first.number, second.number] == [6, 7]


def test_a_number_below_the_last_is_refused(team, owner):
    planned_sprint(team, owner, number=6)

    with pytest.raises(ValidationError, match="has a sprint 6 already"):
        planned_sprint(team, owner, starts_on=MONDAY, number=6)


def test_only_working_days_count(team, owner):
    team.close(dt.date(2026, 12, 24), dt.date(2026, 12, 24), "Winter", by=owner)
    sprint = planned_sprint(team, owner, starts_on=MONDAY, ends_on=dt.date(2026, 12, 29))

    days = sprint.working_days()

    assert [day.day for day in days] == [14, 15, 16, 17, 18, 21, 22, 23, 29]


@pytest.mark.parametrize(
    ("date", "day"),
    [("2026-12-13", 0), ("2026-12-14", 1), ("2026-12-19", 5), ("2026-12-21", 6), ("2026-12-28", 9), ("2027-01-02", 9)],
)
def test_a_weekend_is_still_the_day_before_it(team, owner, date, day):
    sprint = planned_sprint(team, owner, starts_on=MONDAY, ends_on=dt.date(2026, 12, 28))

    assert sprint.day_on(dt.date.fromisoformat(date)) == (day, 9)


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"ends_on": dt.date(2026, 12, 13)}, "ends_on"),
        ({"ends_on": dt.date(2027, 1, 14)}, "ends_on"),
        ({"starts_on": dt.date(2026, 12, 19), "ends_on": dt.date(2026, 12, 20)}, "ends_on"),
        ({"show_and_tell": dt.date(2027, 3, 1)}, "show_and_tell"),
    ],
)
def test_dates_must_make_sense(team, owner, dates, field):
    with pytest.raises(ValidationError) as problem:
        planned_sprint(team, owner, **({"starts_on": MONDAY} | dates))

    assert [*problem.value.message_dict] == [field]
    assert not team.sprints.exists()


def test_sprints_of_a_team_never_overlap(team, owner):
    planned_sprint(team, owner, starts_on=MONDAY)

    with pytest.raises(ValidationError, match="has some of these days already"):
        planned_sprint(team, owner, starts_on=MONDAY + dt.timedelta(11))

    planned_sprint(TeamFactory(), owner, starts_on=MONDAY)


def test_the_database_refuses_what_the_form_forgot_to_ask(team, owner):
    sprint = planned_sprint(team, owner, starts_on=MONDAY)
    later = planned_sprint(team, owner, starts_on=MONDAY + dt.timedelta(14))

    with pytest.raises(IntegrityError, match="sprints_of_a_team_never_overlap"), transaction.atomic():
        Sprint.objects.filter(pk=later.pk).update(starts_on=sprint.ends_on)


def test_a_cancelled_sprint_gives_its_days_back(team, owner):
    sprint = planned_sprint(team, owner, starts_on=MONDAY)
    Sprint.objects.filter(pk=sprint.pk).update(state="cancelled", closed_at="2026-12-01T09:00Z", closed_by=owner)

    assert planned_sprint(team, owner, starts_on=MONDAY).number == 2


def test_the_next_dates_follow_the_last_sprint(team, owner):
    planned_sprint(team, owner, starts_on=MONDAY, ends_on=dt.date(2026, 12, 25))

    dates = team.sprints.next_dates(team, dt.date(2026, 12, 20))

    assert dates == (dt.date(2026, 12, 29), dt.date(2027, 1, 11))


def test_two_people_edit_one_sprint(team, owner):
    sprint = planned_sprint(team, owner)
    same = Sprint.objects.get(pk=sprint.pk)
    sprint.edit(goal="Find out who calls twice", by=owner)

    with pytest.raises(Conflict):
        same.edit(goal="Something else", by=owner)
