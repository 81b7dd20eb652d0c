"""Nobody looked whose digest was due, and before somebody does the team changes its days: what was missed and what
was a day off is what it was at 11:00am (P20: never silently missing; and no false alarm)."""

import datetime as dt

import pytest

from sprints.models import DigestRun, DigestSettings
from sprints.morning import send_due
from teams.models import OutgoingMail, Team
from tests.sprints.mornings import at, digests, during, raised

FRIDAY, ST_ANDREWS, TUESDAY = dt.date(2026, 11, 27), dt.date(2026, 11, 30), dt.date(2026, 12, 1)
HALF_PAST = dt.time(8, 30)


@pytest.fixture
def blocked(team, member, delivery_manager):
    raised(team, member.user)
    return team


def divide(division):
    return lambda team, by: team.edit(division=division, by=by)


def close(team, by):
    team.close(ST_ANDREWS, ST_ANDREWS, "Away day", by=by)


def reopen(team, by):
    team.closures.get().reopen(by=by)


def switch(is_on):
    return lambda team, by: DigestSettings.objects.of(team).edit(send_at=HALF_PAST, is_on=is_on, by=by)


def at_six(team, by):
    DigestSettings.objects.of(team).edit(send_at=dt.time(6), is_on=True, by=by)


@pytest.mark.parametrize(
    ("before", "at_noon"),
    [
        (divide("scotland"), divide("england-and-wales")),
        (close, reopen),
        (switch(False), switch(True)),
        (lambda team, by: team.archive(by=by), lambda team, by: team.restore(by=by)),
        (lambda team, by: team.programme.archive(by=by), lambda team, by: team.programme.restore(by=by)),
    ],
    ids=["division", "closure", "switch", "archived team", "archived programme"],
)
def test_a_day_off_is_not_missed_because_it_is_a_working_day_by_now(blocked, administrator, before, at_noon):
    with during(FRIDAY, 23):
        before(blocked, administrator.user)
    send_due(at(FRIDAY, 23))
    with during(ST_ANDREWS):
        at_noon(Team.objects.get(), administrator.user)
    send_due(at(ST_ANDREWS, 12))

    assert [(run.state, run.why) for run in DigestRun.objects.on(ST_ANDREWS)] == [("skipped", "None was due")]
    assert not OutgoingMail.objects.exists()
    send_due(at(TUESDAY))
    assert digests().count() == 2


@pytest.mark.parametrize(
    "at_noon",
    [divide("scotland"), close, switch(False), at_six, lambda team, by: team.archive(by=by)],
    ids=["division", "closure", "switch", "hour", "archived team"],
)
def test_a_missed_morning_is_told_of_although_it_is_a_day_off_by_now(blocked, administrator, at_noon):
    send_due(at(FRIDAY, 23))
    with during(ST_ANDREWS):
        at_noon(blocked, administrator.user)
    for minute in range(2):
        send_due(at(ST_ANDREWS, 12, minute))

    assert [(run.on, run.state) for run in DigestRun.objects.all()] == [(ST_ANDREWS, "missed")]
    assert [letter.user.name for letter in OutgoingMail.objects.all()] == ["Delivery manager"]


def test_a_team_made_before_somebody_looks_has_missed_nothing(blocked, administrator):
    send_due(at(FRIDAY, 23))
    with during(ST_ANDREWS):
        Team.objects.add(blocked.programme, name="New", slug="new", prefix="NEW", by=administrator.user)
    send_due(at(ST_ANDREWS, 12))

    assert list(DigestRun.objects.missed().values_list("team__name", flat=True)) == ["Housing"]


def test_before_eleven_nothing_is_judged_and_the_digest_still_goes(blocked, administrator):
    send_due(at(FRIDAY, 23))
    with during(ST_ANDREWS, 10, 59):
        divide("northern-ireland")(blocked, administrator.user)
    send_due(at(ST_ANDREWS, 10, 59))

    assert DigestRun.objects.get().state == "sent"
