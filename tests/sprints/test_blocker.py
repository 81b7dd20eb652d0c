import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from sprints.models import Blocker
from teams.access import Standing
from teams.models import Change, Conflict, OutgoingMail
from teams.permissions import Role
from tests.factories import MembershipFactory, UserFactory, owned_blocker, raised_blocker

FRIDAY, MONDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)
TOMORROW = timezone.localdate() + dt.timedelta(1)


def raised_on(day, team, person, **fields):
    with time_machine.travel(dt.datetime.combine(day, dt.time(12), dt.UTC), tick=False):
        return raised_blocker(team, person, **fields)


def escalated(team, person, to, **fields):
    blocker = owned_blocker(team, person, **fields)
    blocker.escalate(to, "Release two people for an hour", TOMORROW, by=person)
    return blocker


@pytest.mark.parametrize(
    ("raised", "seen", "age"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, MONDAY, 1),
        (FRIDAY, dt.date(2026, 11, 22), 0),  # on Sunday nothing has passed
        (dt.date(2026, 11, 21), MONDAY, 1),  # raised on a Saturday
        (dt.date(2026, 12, 24), dt.date(2026, 12, 29), 1),  # Christmas Day and the substitute for Boxing Day
        (dt.date(2026, 10, 23), dt.date(2026, 10, 26), 1),  # the clocks went back in between
        (dt.date(2027, 3, 25), dt.date(2027, 3, 30), 1),  # Easter, and the clocks went forward
    ],
)
def test_age_counts_working_days_after_the_day_it_was_raised(team, member, raised, seen, age):
    assert raised_on(raised, team, member.user).age_on(seen) == age


def test_st_andrews_day_does_not_count_in_scotland(team, member):
    blocker = raised_on(dt.date(2026, 11, 27), team, member.user)
    assert blocker.age_on(dt.date(2026, 12, 1)) == 2

    team.division = "scotland"

    assert blocker.age_on(dt.date(2026, 12, 1)) == 1


def test_days_on_which_the_team_is_closed_do_not_count(team, member, product_owner):
    blocker = raised_on(FRIDAY, team, member.user)

    team.close(MONDAY, MONDAY, "Moving house", by=product_owner.user)

    assert blocker.age_on(dt.date(2026, 11, 24)) == 1


def test_it_is_raised_on_the_local_date(team, member):
    with time_machine.travel(dt.datetime(2026, 6, 30, 23, 30, tzinfo=dt.UTC), tick=False):
        assert raised_blocker(team, member.user).raised_on == dt.date(2026, 7, 1)


def test_it_goes_on_ageing_through_escalation_and_stops_when_resolved(team, member, product_owner):
    blocker = raised_on(FRIDAY, team, member.user)
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC), tick=False):
        blocker.take(by=member.user)
        blocker.escalate(product_owner.user, "Decide", dt.date(2026, 11, 25), by=member.user)
    assert blocker.age_on(dt.date(2026, 11, 24)) == 2

    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False):
        blocker.resolve("They were released", by=member.user)

    assert blocker.age_on(dt.date(2027, 1, 4)) == 2


def test_numbers_run_on_in_each_team(team, member):
    first, second = raised_blocker(team, member.user), raised_blocker(team, member.user)
    elsewhere = raised_blocker(MembershipFactory().team, member.user)

    assert [first.number, second.number, elsewhere.number] == [1, 2, 1]


def test_anyone_in_the_team_takes_what_nobody_owns(team, member, researcher):
    blocker = raised_blocker(team, researcher.user)

    blocker.take(by=member.user)

    assert (blocker.state, blocker.owner) == ("owned", member.user)
    assert Change.objects.about(blocker).first().words == "took it"
    with pytest.raises(ValidationError, match="Team member owns it already"):
        blocker.take(by=researcher.user)


def test_it_is_given_to_somebody_in_the_team_only(team, member, outsider, delivery_manager):
    blocker = raised_blocker(team, member.user)

    with pytest.raises(ValidationError, match="somebody in the team"):
        blocker.assign(outsider.user, by=delivery_manager.user)
    blocker.assign(member.user, by=delivery_manager.user)

    assert (blocker.state, blocker.owner) == ("owned", member.user)


def test_another_owner_leaves_an_escalation_as_it_is(team, member, product_owner, service_lead):
    blocker = escalated(team, product_owner.user, service_lead.user)

    blocker.assign(member.user, by=product_owner.user)

    assert (blocker.state, blocker.owner, blocker.escalated_to) == ("escalated", member.user, service_lead.user)


def test_it_is_escalated_with_an_ask_and_a_date(team, member, service_lead):
    blocker = owned_blocker(team, member.user)

    with pytest.raises(ValidationError, match="today or later"):
        blocker.escalate(service_lead.user, "Decide", TOMORROW - dt.timedelta(2), by=member.user)
    blocker.escalate(service_lead.user, "Decide", TOMORROW, by=member.user)

    assert list(Blocker.objects.escalated_to(service_lead.user)) == [blocker]


def test_nobody_without_access_can_be_asked(team, member, outsider):
    with pytest.raises(ValidationError, match="Choose somebody in the team, or a service lead"):
        escalated(team, member.user, outsider.user)


def test_a_lead_who_leads_no_longer_finds_nothing_escalated_to_them(team, member, service_lead):
    escalated(team, member.user, service_lead.user)

    service_lead.user.led_services.all().delete()

    assert not Blocker.objects.escalated_to(service_lead.user).exists()


def test_history_says_days_and_yes_as_people_say_them(team, member):
    blocker = raised_on(FRIDAY, team, member.user)

    blocker.edit(expected_by=dt.date(2026, 11, 25), risks_goal=True, by=member.user)

    words = Change.objects.about(blocker).first().words
    assert "when it is expected from nothing to 25 November 2026" in words
    assert "puts the sprint goal at risk from no to yes" in words


def test_it_is_handed_back_with_an_answer(team, member, service_lead):
    blocker = escalated(team, member.user, service_lead.user)

    blocker.hand_back("Ask the rota office instead", by=service_lead.user)

    assert (blocker.state, blocker.owner, blocker.escalated_to) == ("owned", member.user, None)
    assert "Ask the rota office instead" in Change.objects.about(blocker).first().words
    assert blocker.updates.get().text == "Ask the rota office instead"


def test_its_owner_gets_the_answer_as_a_letter(team, member, service_lead):
    blocker = escalated(team, member.user, service_lead.user)

    blocker.hand_back("Ask the rota office instead", by=service_lead.user)

    letter = OutgoingMail.objects.filter(user=member.user).latest("pk")
    assert "handed a blocker back to you" in letter.subject and "Ask the rota office instead" in letter.text


def test_nobody_is_written_to_about_what_they_take_back_themselves(team, member, service_lead):
    blocker = escalated(team, member.user, service_lead.user)

    blocker.hand_back("They are away this week", by=member.user)

    assert not OutgoingMail.objects.filter(user=member.user).exists()


def test_reopened_it_keeps_the_day_it_was_first_raised(team, member):
    blocker = raised_on(FRIDAY, team, member.user)
    blocker.resolve("Somebody said so", by=member.user)

    blocker.reopen(by=member.user)

    blocker.refresh_from_db()
    assert (blocker.state, blocker.raised_on, blocker.how) == ("owned", FRIDAY, "")
    assert blocker.reopened_at


def test_reopened_after_its_owner_left_it_belongs_to_whoever_reopens_it(team, member, researcher):
    blocker = owned_blocker(team, member.user)
    blocker.resolve("Done", by=member.user)
    team.memberships.get(user=member.user).leave(by=researcher.user)

    blocker.reopen(by=researcher.user)

    assert blocker.owner == researcher.user


@pytest.mark.parametrize("verb", ["take", "withdraw", "reopen", "confirm"])
def test_what_is_withdrawn_stays_withdrawn(team, member, verb):
    blocker = raised_blocker(team, member.user)
    blocker.withdraw(by=member.user)

    with pytest.raises(ValidationError):
        getattr(blocker, verb)(by=member.user)

    blocker.refresh_from_db()
    assert blocker.state == "withdrawn"


def test_an_owner_who_left_leaves_it_without_one(team, member, researcher):
    blocker = owned_blocker(team, member.user)
    assert not Blocker.objects.needs_owner().exists()

    team.memberships.get(user=member.user).leave(by=researcher.user)

    assert list(Blocker.objects.needs_owner()) == [blocker]


def test_the_ledger_puts_ownerless_then_goal_risks_then_the_oldest_first(team, member):
    young = owned_blocker(team, member.user, title="Young")
    old = raised_on(FRIDAY, team, member.user, title="Old")
    old.take(by=member.user)
    risky = owned_blocker(team, member.user, title="Risky", risks_goal=True)
    ownerless = raised_blocker(team, member.user, title="Ownerless")

    assert list(team.blockers.open().in_ledger_order()) == [ownerless, risky, old, young]


def test_of_two_who_take_it_at_once_the_second_learns_of_the_first(team, member, researcher):
    mine = raised_blocker(team, member.user)
    theirs = Blocker.objects.get(pk=mine.pk)
    mine.take(by=member.user)

    with pytest.raises(Conflict):
        theirs.take(by=researcher.user)


def test_saying_it_still_blocks_is_news(team, member):
    blocker = raised_on(FRIDAY, team, member.user)
    seen = dt.date(2026, 11, 25)
    assert blocker.quiet_on(seen) == 3

    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC), tick=False):
        blocker.confirm(by=member.user)

    assert blocker.quiet_on(seen) == 0


@pytest.mark.parametrize(
    "never",
    [
        {"state": "owned"},
        {"state": "resolved"},
        {"state": "withdrawn"},
        {"state": "escalated"},
        {"how": "By magic"},
        {"ask": "Decide"},
        {"title": ""},
    ],
)
def test_the_database_refuses_what_must_never_be_false(team, member, never):
    blocker = raised_blocker(team, member.user)

    with pytest.raises(IntegrityError), transaction.atomic():
        Blocker.objects.filter(pk=blocker.pk).update(**never)


@pytest.mark.parametrize(
    ("role", "verb", "may"),
    [
        (Role.PRODUCT_OWNER, "resolve", True),
        (Role.PRODUCT_OWNER, "withdraw", False),
        (Role.DELIVERY_MANAGER, "withdraw", True),
        (Role.MEMBER, "resolve", False),
        (Role.MEMBER, "take", True),
        (Role.RESEARCHER, "withdraw", False),
        (Role.SERVICE_LEAD, "say", False),
        (Role.ADMIN, "resolve", False),
    ],
)
def test_who_may_do_what_with_anothers_blocker(team, member, role, verb, may):
    blocker = raised_blocker(team, member.user)
    standing = Standing(frozenset([role]), team, team.programme)

    assert blocker.may(verb, UserFactory(), standing) is may


@pytest.mark.parametrize(("verb", "may"), [("resolve", True), ("hand_back", True), ("say", True), ("edit", False)])
def test_whom_it_is_escalated_to_may_answer(team, member, service_lead, verb, may):
    blocker = escalated(team, member.user, service_lead.user)
    standing = Standing(frozenset([Role.SERVICE_LEAD]), team, team.programme)

    assert blocker.may(verb, service_lead.user, standing) is may


def test_a_letter_goes_to_whom_it_is_given_and_to_whom_it_is_escalated(team, member, delivery_manager, service_lead):
    blocker = raised_blocker(team, member.user, title="No test data")

    blocker.assign(member.user, by=delivery_manager.user)
    blocker.escalate(service_lead.user, "Release last month’s figures", TOMORROW, by=member.user)

    given, escalated = OutgoingMail.objects.order_by("pk")
    assert (given.user, escalated.user) == (member.user, service_lead.user)
    assert "No test data" in given.text and "Release last month’s figures" in escalated.text
    assert blocker.get_absolute_url() in escalated.text


def test_nobody_gets_a_letter_for_what_they_took_themselves(team, delivery_manager):
    blocker = raised_blocker(team, delivery_manager.user)

    blocker.assign(delivery_manager.user, by=delivery_manager.user)

    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"needed": "A new password"}, "changed what we need from nothing to “A new password”"),
        ({"risks_goal": True}, "changed whether it puts the sprint goal at risk from no to yes"),
        ({"title": "No key"}, " to “No key”"),
        ({"waiting_on": "Supplier"}, "changed who it waits for from nothing to “Supplier”"),
    ],
)
def test_the_history_tells_an_edit_in_a_sentence(team, member, facts, told):
    blocker = raised_blocker(team, member.user, needed="", waiting_on="")

    blocker.edit(by=member.user, **facts)

    assert told in Change.objects.about(blocker).first().words
