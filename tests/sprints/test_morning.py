"""The morning round: right team, right hour, at most once, never silently missing (P20, P30)."""

import datetime as dt
from collections import Counter
from itertools import product

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from sprints import morning
from sprints.models import DigestClock, DigestRun, DigestSettings
from sprints.morning import longest_due, send_due
from sprints.sending import given_up_at
from teams.models import Letter, Membership, OutgoingMail, SwitchedOff
from teams.permissions import Role
from tests.factories import MembershipFactory, TeamFactory
from tests.sprints.mornings import FRIDAY, MONDAY, TUESDAY, at, digests, during, look_all_day, raised


@pytest.fixture
def blocked(team, member, delivery_manager):
    """A team with something to say, and its two people."""
    raised(team, member.user)
    return team


def got(kind="digest"):
    return sorted(OutgoingMail.objects.filter(kind=kind).values_list("user__name", flat=True))


def run_on(day=MONDAY):
    return DigestRun.objects.on(day).get()


def test_each_person_gets_one_letter_however_often_somebody_looks(blocked):
    look_all_day(MONDAY)

    assert got() == ["Delivery manager", "Team member"]
    assert run_on().cut_off == at(MONDAY)
    assert {letter.give_up_at for letter in digests()} == {given_up_at(MONDAY)}
    assert not OutgoingMail.objects.exclude(kind="digest").exists()


def test_no_letter_before_the_hour_at_the_weekend_or_on_a_bank_holiday(blocked):
    for moment in (at(MONDAY, 8, 29), at(dt.date(2026, 11, 22)), at(dt.date(2026, 12, 28)), at(MONDAY, 11)):
        send_due(moment)

    assert not digests().exists()


def test_a_team_of_another_division_or_closed_has_its_own_days(blocked, member):
    scots = TeamFactory(division="scotland", name="Lochs")
    MembershipFactory(team=scots)
    raised(scots, scots.memberships.get().user)
    blocked.close(TUESDAY, TUESDAY, "Away day", by=member.user)
    st_andrews = dt.date(2026, 11, 30)

    send_due(at(TUESDAY))
    DigestClock.looked(at(st_andrews, 7))
    send_due(at(st_andrews))

    runs = set(DigestRun.objects.values_list("team__name", "on"))
    assert runs == {("Lochs", TUESDAY), ("Housing", st_andrews)}


def test_the_teams_own_hour_counts_and_an_early_stand_up_brings_it_forward(blocked, member):
    DigestSettings.objects.of(blocked).edit(by=member.user, send_at=dt.time(9), is_on=True)
    type(blocked).objects.update(standup_at=dt.time(8))

    send_due(at(MONDAY, 7, 44))
    assert not digests().exists()
    send_due(at(MONDAY, 7, 45))
    assert digests().count() == 2


def test_nothing_to_report_is_recorded_and_not_sent(team, member):
    send_due(at(MONDAY))

    assert (run_on().state, run_on().why, run_on().says) == ("skipped", "Nothing to report", None)
    assert not OutgoingMail.objects.exists()


def test_who_is_away_has_unsubscribed_left_or_closed_the_account_gets_none(blocked, member, administrator):
    away, off, left, closed = (MembershipFactory(team=blocked) for _ in range(4))
    away.user.absences.create(starts_on=FRIDAY, ends_on=MONDAY)
    SwitchedOff.objects.switch(Letter.DIGEST, off.user, on=False, team=blocked)
    left.leave(by=administrator.user)
    type(closed.user).objects.filter(pk=closed.user.pk).update(is_active=False)

    send_due(at(MONDAY))

    assert got() == ["Delivery manager", "Team member"]


def test_who_does_not_work_on_that_weekday_gets_none(blocked, member):
    member.user.work_on([1, 2])

    send_due(at(MONDAY))

    assert got() == ["Delivery manager"]


def test_nobody_left_to_send_it_to(blocked):
    for one in Membership.objects.all():
        SwitchedOff.objects.switch(Letter.DIGEST, one.user, on=False, team=blocked)

    send_due(at(MONDAY))

    assert (run_on().state, run_on().why) == ("skipped", "Nobody to send it to")


def test_switched_off_means_no_morning_at_all(blocked, member):
    DigestSettings.objects.of(blocked).edit(by=member.user, send_at=dt.time(8, 30), is_on=False)

    look_all_day(MONDAY)

    assert not DigestRun.objects.exists()


def test_an_archived_team_has_none(blocked, administrator):
    blocked.archive(by=administrator.user)

    look_all_day(MONDAY)

    assert not DigestRun.objects.exists()


def test_a_service_lead_gets_what_waits_on_them_and_nothing_else(blocked, member, delivery_manager, service_lead):
    with during(FRIDAY, 14):
        asked = raised(blocked, member.user, title="Rota", owner=delivery_manager.user)
        asked.escalate(service_lead.user, "Release two people", TUESDAY, by=delivery_manager.user)

    send_due(at(MONDAY))

    [letter] = OutgoingMail.objects.filter(kind="waiting on you", user=service_lead.user)
    assert letter.subject == "Housing: 1 blocker waits on you – Monday 23 November"
    assert "Release two people. By 24 November 2026" in letter.text
    assert "interviews" not in letter.text and "interviews" in digests()[0].text
    assert got() == ["Delivery manager", "Team member"]


def test_a_lead_who_unsubscribed_or_leads_no_more_gets_none(blocked, member, delivery_manager, service_lead):
    with during(FRIDAY, 14):
        asked = raised(blocked, member.user, owner=delivery_manager.user)
        asked.escalate(service_lead.user, "Decide", TUESDAY, by=delivery_manager.user)
    SwitchedOff.objects.switch(Letter.WAITING_ON_YOU, service_lead.user, on=False)
    send_due(at(MONDAY))
    SwitchedOff.objects.switch(Letter.WAITING_ON_YOU, service_lead.user, on=True)
    service_lead.user.led_services.all().delete()
    send_due(at(TUESDAY))

    assert not got("waiting on you")


# Late, missed and told


def test_a_late_digest_still_goes_until_eleven(blocked):
    DigestClock.looked(at(FRIDAY, 23))
    send_due(at(MONDAY, 10, 59))

    assert run_on().state == "sent"
    assert digests().count() == 2


@pytest.mark.parametrize("came_back", [at(MONDAY, 11), at(MONDAY, 23, 50), at(TUESDAY, 7)])
def test_when_nobody_looked_in_time_it_is_missed_and_the_delivery_manager_told_once(blocked, came_back):
    send_due(at(MONDAY, 7))
    for later in range(3):
        send_due(came_back + dt.timedelta(minutes=later))

    assert (run_on().state, run_on().why) == ("missed", "It could not be sent by 11:00am")
    assert got() == []
    [letter] = OutgoingMail.objects.filter(kind="digest missed")
    assert letter.to == blocked.memberships.get(role=Role.DELIVERY_MANAGER).user.email
    assert "Monday 23 November 2026" in letter.text
    assert "http://localhost:8000/teams/housing/digest/log/" in letter.text


def test_one_letter_tells_of_several_days(blocked):
    send_due(at(dt.date(2026, 11, 18), 12))
    send_due(at(MONDAY, 12))

    assert DigestRun.objects.missed().count() == 3
    [letter] = OutgoingMail.objects.filter(kind="digest missed")
    assert "Thursday 19 November 2026, Friday 20 November 2026, Monday 23 November 2026" in letter.text


def test_without_a_delivery_manager_the_next_in_line_is_told(team, product_owner, administrator):
    send_due(at(MONDAY, 7))
    send_due(at(MONDAY, 11))
    assert got("digest missed") == ["Product owner"]

    Membership.objects.update(role=Role.MEMBER)
    send_due(at(TUESDAY, 11))
    assert got("digest missed") == ["Administrator", "Product owner"]


def test_a_team_made_in_the_afternoon_has_missed_nothing(db):
    send_due(at(MONDAY, 12))
    team = MembershipFactory(role=Role.DELIVERY_MANAGER).team
    raised(team, team.memberships.get().user)
    send_due(at(MONDAY, 12, 1))

    assert not DigestRun.objects.exists()


def test_who_looks_after_it_is_told_of_letters_that_may_not_have_arrived(blocked, delivery_manager):
    send_due(at(MONDAY))
    one, other = digests()
    OutgoingMail.objects.filter(pk=one.pk).update(state="unknown", settled_at=at(MONDAY))
    send_due(at(MONDAY, 8, 40))
    assert not OutgoingMail.objects.filter(kind="digest trouble").exists()  # the other one is still on its way

    OutgoingMail.objects.filter(pk=other.pk).update(state="failed", settled_at=at(MONDAY))
    for minute in (41, 42):
        send_due(at(MONDAY, 8, minute))

    [letter] = OutgoingMail.objects.filter(kind="digest trouble")
    assert letter.user == delivery_manager.user
    assert "nobody knows whether it arrived" in letter.text and "it did not arrive" in letter.text


# Clocks and mishaps (F8)

EASTER = [dt.date(2027, 3, 26), dt.date(2027, 3, 29)]


@pytest.mark.parametrize(
    "moments",
    [
        [(MONDAY, 9, 0), (MONDAY, 7, 0), (MONDAY, 8, 30), (MONDAY, 9, 1)],  # put back two hours
        [(MONDAY, 8, 29), (TUESDAY, 8, 29), (MONDAY, 8, 31), (TUESDAY, 8, 30)],  # a day ahead, and back
    ],
)
def test_f8_a_clock_that_jumps_doubles_nothing(blocked, moments):
    for moment in moments:
        send_due(at(*moment))

    counts = Counter(digests().values_list("user", "subject"))
    assert set(counts.values()) == {1}
    assert DigestRun.objects.filter(on=MONDAY).count() == 1


@pytest.mark.parametrize("change", [dt.date(2027, 3, 28), dt.date(2026, 10, 25), dt.date(2028, 2, 28)])
def test_f8_exactly_one_a_working_day_around_clock_changes_and_leap_days(blocked, change):
    began = dt.datetime.combine(change - dt.timedelta(3), dt.time(), dt.UTC)
    for day, quarter in product(range(6), range(16, 52)):  # 4:00am to 1:00pm
        send_due(began + dt.timedelta(days=day, minutes=15 * quarter))

    days = [change + dt.timedelta(n) for n in range(-3, 3)]
    wanted = [day for day in days if day.weekday() < 5 and day not in EASTER]
    assert list(DigestRun.objects.order_by("on").values_list("on", flat=True)) == wanted
    assert {run.cut_off.astimezone(at(MONDAY).tzinfo).time() for run in DigestRun.objects.all()} == {dt.time(8, 30)}


def test_a_team_whose_digest_cannot_be_made_does_not_keep_back_the_others(blocked, monkeypatch, caplog):
    others = [MembershipFactory(team=TeamFactory(), role=Role.DELIVERY_MANAGER).team for _ in range(3)]
    for team in others:
        raised(team, team.memberships.get().user)
    real = morning.written_for
    monkeypatch.setattr(morning, "written_for", lambda team, *rest: 1 / 0 if team == others[1] else real(team, *rest))

    send_due(at(MONDAY))

    assert set(DigestRun.objects.values_list("team", flat=True)) == {blocked.pk, others[0].pk, others[2].pk}
    assert "A digest cannot be made" in caplog.text
    monkeypatch.undo()
    send_due(at(MONDAY, 8, 31))
    assert DigestRun.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_a_database_that_has_gone_ends_the_round_and_no_team_is_blamed(monkeypatch, caplog):
    for _ in range(3):
        raised((team := TeamFactory()), MembershipFactory(team=team).user)

    def refused():
        raise OperationalError

    def lose_it(*anything):
        monkeypatch.setattr(connection, "connect", refused)
        connection.connection.close()
        DigestRun.objects.exists()

    monkeypatch.setattr(morning, "Situation", lose_it)
    with pytest.raises(OperationalError):
        send_due(at(MONDAY))
    assert "A digest cannot be made" not in caplog.text

    monkeypatch.undo()
    assert send_due(at(MONDAY, 8, 31)) == 3


def test_a_round_that_takes_too_long_is_gone_on_with_at_the_next_tick(blocked, monkeypatch):
    teams = [MembershipFactory(team=TeamFactory()).team for _ in range(3)]
    monkeypatch.setattr(morning, "in_chunks", lambda things, size=1: ([one] for one in things))
    seconds = iter([0, 0, 40, 50, 60])
    monkeypatch.setattr(morning.time, "monotonic", lambda: next(seconds))

    assert send_due(at(MONDAY), at_most=45) == 2
    monkeypatch.undo()
    assert send_due(at(MONDAY, 8, 31)) == 2
    assert DigestRun.objects.count() == len(teams) + 1


def test_the_command_sends_what_is_due_without_workers(blocked, capsys, settings, monkeypatch):
    settings.MAIL_STAYS_HERE = True
    monkeypatch.setattr(DigestClock, "read", classmethod(lambda cls, now=None: (at(MONDAY, 8), at(MONDAY))))
    call_command("send_digests_once")

    assert "Teams that had their morning: 1" in capsys.readouterr().out
    assert digests().count() == 2


def test_an_operator_sees_how_the_morning_went(blocked, capsys):
    with during(MONDAY, 8, 45):
        call_command("digests")
        send_due(at(MONDAY, 8, 45))
        call_command("digests")

    before, after = capsys.readouterr().out.split("Teams: ")[1:]
    assert before == "none\nLetters: none\nDue and not sent: 1, the oldest for 900 seconds\n  housing\n"
    assert after == "1 sent\nLetters: 2 waiting\nDue and not sent: 0, the oldest for 0 seconds\n"


def test_how_long_the_oldest_has_been_due(blocked):
    assert longest_due(at(MONDAY, 8)) == 0
    assert longest_due(at(MONDAY, 8, 45)) == 15 * 60
    send_due(at(MONDAY, 8, 45))
    assert longest_due(at(MONDAY, 9)) == 0


def test_words_are_forgotten_with_the_letters(blocked):
    send_due(at(MONDAY))
    DigestRun.objects.forget_words()
    assert run_on().says

    with during(MONDAY + dt.timedelta(31)):
        DigestRun.objects.forget_words()
    assert run_on().says is None


def test_a_hundred_teams_cost_as_many_statements_as_two(db, at_most):
    def many(number):
        for _ in range(number):
            team = TeamFactory()
            for _ in range(2):
                person = MembershipFactory(team=team).user
            raised(team, person)

    many(2)
    send_due(at(MONDAY, 7))
    with at_most(19):
        send_due(at(MONDAY))
    many(38)
    DigestClock.looked(at(TUESDAY, 7))
    with at_most(19):
        send_due(at(TUESDAY))
    assert DigestRun.objects.on(TUESDAY).count() == 40
