"""The delivery manager and the product owner are told, once, when the escalation of a blocker falls due."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine

from sprints.escalations import tell_of_due
from sprints.models import BlockerLimits
from teams.models import Letter, OutgoingMail, SwitchedOff
from teams.permissions import Role
from tests.factories import MembershipFactory, owned_blocker, raised_blocker

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")


def on(moment):
    return time_machine.travel(dt.datetime.fromisoformat(moment).replace(tzinfo=LONDON), tick=False)


def told():
    letters = OutgoingMail.objects.filter(kind=Letter.ESCALATION_DUE)
    return sorted(letters.values_list("user__name", flat=True))


def look(moment):
    with on(moment):
        return tell_of_due()


@pytest.fixture
def blocker(team, member, delivery_manager, product_owner):
    """Raised on Monday 22 March 2027; Good Friday and Easter Monday follow."""
    with on("2027-03-22T10:00"):
        return owned_blocker(team, member.user, waiting_on="Corporate design")


@pytest.mark.parametrize(
    ("risks_goal", "before", "due"),
    [(False, "2027-03-30T17:00", "2027-03-31T08:15"), (True, "2027-03-23T17:00", "2027-03-24T08:15")],
)
def test_both_are_told_on_the_day_it_falls_due(blocker, risks_goal, before, due):
    blocker.risks_goal = risks_goal
    blocker.save()

    assert (look(before), look(due)) == (0, 2)

    assert told() == ["Delivery manager", "Product owner"]
    text = OutgoingMail.objects.filter(kind=Letter.ESCALATION_DUE).first().text
    assert blocker.title in text and "It waits on Corporate design" in text and blocker.get_absolute_url() in text
    assert ("puts the sprint goal at risk" in text) == risks_goal


def test_nobody_is_told_twice_unless_it_is_opened_again(blocker, member):
    look("2027-04-06T09:15")
    assert look("2027-04-06T10:15") == look("2027-04-07T09:15") == 0

    with on("2027-04-08T09:00"):
        blocker.resolve("They looked at it", by=member.user)
    assert look("2027-04-08T10:15") == 0
    with on("2027-04-09T09:00"):
        blocker.reopen(by=member.user)
    assert look("2027-04-09T10:15") == 2


@pytest.mark.parametrize("moment", ["2027-04-06T07:59", "2027-04-06T18:00", "2027-04-10T10:00", "2027-05-03T10:00"])
def test_nobody_is_told_at_night_or_on_a_day_off(blocker, moment):
    assert look(moment) == 0


def test_what_is_escalated_is_not_due(blocker, member, service_lead):
    with on("2027-03-23T10:00"):
        blocker.escalate(service_lead.user, "Agree to a draft", dt.date(2027, 4, 9), by=member.user)

    assert look("2027-04-06T10:15") == 0


def test_after_an_answer_it_falls_due_as_late_as_the_first_time(blocker, member, service_lead):
    assert look("2027-03-31T08:15") == 2
    with on("2027-03-31T10:00"):
        blocker.escalate(service_lead.user, "Agree to a draft", dt.date(2027, 4, 9), by=member.user)
    with on("2027-04-06T10:00"):
        blocker.hand_back("Ask the printer", by=service_lead.user)

    assert (look("2027-04-12T17:00"), look("2027-04-13T08:15")) == (0, 2)


def test_what_was_taken_back_without_an_answer_is_due_as_before(blocker, member, service_lead, delivery_manager):
    with on("2027-03-31T08:00"):
        blocker.escalate(service_lead.user, "Agree to a draft", dt.date(2027, 4, 9), by=member.user)
        blocker.hand_back("We ask somebody else", by=delivery_manager.user)

    assert look("2027-03-31T08:15") == 2


def test_the_teams_own_limit_counts(team, blocker, delivery_manager):
    with on("2027-03-22T10:00"):
        BlockerLimits.objects.of(team).edit(escalate=8, by=delivery_manager.user)

    assert (look("2027-04-02T10:15"), look("2027-04-06T10:15")) == (0, 2)


def test_who_switched_it_off_or_has_left_is_not_told(blocker, product_owner, delivery_manager):
    SwitchedOff.objects.switch(Letter.ESCALATION_DUE, product_owner.user, on=False)
    delivery_manager.user.memberships.get().leave(by=product_owner.user)

    assert look("2027-04-06T10:15") == 0


def test_a_team_that_is_archived_is_left_alone(team, blocker):
    team.archived_at = dt.datetime(2027, 3, 25, tzinfo=LONDON)
    team.save()

    assert look("2027-04-06T10:15") == 0


def test_it_asks_as_much_for_ten_teams_as_for_one(blocker, at_most):
    with on("2027-03-22T10:00"):
        for _ in range(9):
            person = MembershipFactory(role=Role.DELIVERY_MANAGER)
            raised_blocker(person.team, person.user)

    with on("2027-04-06T10:15"), at_most(9):
        assert tell_of_due() == 11
