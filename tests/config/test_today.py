import datetime as dt
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from backlog.models import Deputy, Opportunity, ReviewSession, StoryState
from sprints.models import Blocker, StandupEntry, TalkAfter
from teams.models import Absence, Change
from teams.permissions import Role
from tests.factories import (
    MembershipFactory,
    ServiceFactory,
    TeamFactory,
    UserFactory,
    make_opportunity,
    owned_blocker,
    ready_opportunity,
    story_in,
)
from tests.people import signed_in


def test_a_product_owner_goes_on_with_the_review(product_owner, team):
    by = product_owner.user
    ready_opportunity(team, by)
    session = ReviewSession.objects.prepare(team, "Part one", by=by)

    page = product_owner.get("/").text

    assert "Housing" in page and "Discovery" in page
    assert session.get_absolute_url() in page
    assert "of 1" in page
    assert "not scored" in page


def test_parked_items_come_back_on_their_day(member, team):
    one = ready_opportunity(team, member.user, title="Bidding closes before people have seen the homes")
    one.park("New bidding site due", timezone.localdate() + dt.timedelta(1), by=member.user)

    early = member.get("/").text
    Opportunity.objects.update(parked_until=timezone.localdate())
    late = member.get("/").text

    assert "to look at again" not in early
    assert "to look at again" in late


def test_blockers_stand_with_their_age_and_what_they_need(member, team):
    with time_machine.travel("2026-11-20 10:00", tick=False):
        Blocker.objects.add(team, by=member.user, title="No figures for late letters", risks_goal=True)

    with time_machine.travel("2026-11-24 10:00", tick=False):
        page = signed_in(member.user).get("/").text

    assert "No figures for late letters" in page and "2 working days" in page
    assert "Needs an owner" in page and "Risks the goal" in page


def test_a_blocker_of_friday_is_not_new_today_on_sunday(member, team):
    with time_machine.travel("2026-11-20 10:00", tick=False):
        Blocker.objects.add(team, by=member.user, title="No figures for late letters")

    with time_machine.travel("2026-11-22 10:00", tick=False):
        page = signed_in(member.user).get("/").text

    assert "new since Friday" in page and "new today" not in page


def test_the_next_stand_up_says_who_is_in_and_who_is_away(member, product_owner, researcher, team):
    with time_machine.travel("2026-11-21 10:00", tick=False):  # a Saturday
        Absence(user=researcher.user, starts_on=dt.date(2026, 11, 23), ends_on=dt.date(2026, 11, 24)).book()
        before = signed_in(member.user).get("/").text
        StandupEntry.objects.post(
            team,
            member.user,
            dt.date(2026, 11, 23),
            by=member.user,
            version=None,
            blockers=[],
            did="Notes",
            doing="More",
        )
        after = signed_in(member.user).get("/").text

    assert "on Monday 23 November 2026" in before and "You have not posted yet" in before and "of 2 in" in before
    assert "You posted at 10:00am" in after


def test_nobody_who_is_away_is_asked_for_a_stand_up(member, researcher, team):
    with time_machine.travel("2026-11-23 10:00", tick=False):
        Absence(user=researcher.user, starts_on=dt.date(2026, 11, 23), ends_on=dt.date(2026, 11, 24)).book()
        there, away = (signed_in(one.user).get("/").text for one in (member, researcher))

    assert "You are away" in away and "You have not posted yet" not in away
    assert "You have not posted yet" in there


def test_sign_offs_wait_for_the_product_owner_and_a_deputy_alone(product_owner, member, team):
    story_in(StoryState.SIGN_OFF, team, product_owner.user, title="Hear each step")

    before = member.get("/").text
    today = timezone.localdate()
    Deputy.objects.appoint(team.memberships.get(user=member.user), today, today, by=product_owner.user)

    assert "Waiting for your sign-off" in product_owner.get("/").text
    assert "Hear each step" not in before.partition("Changes in the team")[0]
    assert "Waiting for your sign-off" in member.get("/").text


def test_my_work_is_what_is_mine_and_open(member, product_owner, team):
    story_in(StoryState.IN_PROGRESS, team, product_owner.user, title="Print the pack", assignee=member.user)
    story_in(StoryState.DONE, team, product_owner.user, title="Find the form", assignee=member.user)

    page = member.get("/").text.partition("Changes in the team")[0]

    assert "My work" in page and "Print the pack" in page
    assert "Find the form" not in page


def test_a_stand_up_that_many_post_leaves_room_for_what_else_happened(member, product_owner, team):
    make_opportunity(team, product_owner.user, title="Keys come back late")
    for name in ("Wren", "Hal", "Tomos", "Petra"):
        person = MembershipFactory(team=team, user__name=name).user
        StandupEntry.objects.post(
            team, person, dt.date(2026, 11, 24), by=person, version=None, blockers=[], did="", doing="More"
        )

    latest = member.get("/").text.partition("Changes in the team")[2]

    assert "Petra, Tomos and 2 others posted" in latest
    assert latest.count("posted") == 1
    assert "Keys come back late" in latest


def test_what_is_to_be_talked_about_leads_to_its_stand_up(member, team):
    TalkAfter.objects.add(team, dt.date(2026, 11, 23), "Who sees the draft?", [member.user], by=member.user)

    latest = member.get("/").text.partition("Changes in the team")[2]

    said = f"{member.user.name} asked to talk after the stand-up: Who sees the draft?"
    assert f'<a href="/teams/housing/standup/2026-11-23/">{said}</a>' in latest


def test_what_is_told_together_was_done_alike_in_one_place_on_one_day(team):
    by = UserFactory.create_batch(4)
    record = partial(Change.objects.record, team=team)
    with time_machine.travel("2026-11-23 10:00", tick=False):
        record(team, "posted", by=by[0])
    with time_machine.travel("2026-11-24 10:00", tick=False):
        record(team, "posted", by=by[1])
        record(team, "posted", by=by[2])
        record(team, "edited what they posted", by=by[3])
        record(team.programme, "posted", by=by[3])

    told = team.changes.told_lately(8)

    both = f"{by[2].name} and {by[1].name}"
    assert [change.who_in_words for change in told] == [by[3].name, by[3].name, both, by[0].name]


def test_a_service_lead_sees_what_waits_on_them_and_no_team(service_lead, product_owner, team):
    make_opportunity(team, product_owner.user, title="Keys come back late")

    page = service_lead.get("/").text

    assert "You lead a service here" in page
    assert "Keys come back late" not in page
    assert "/teams/housing/" not in page


def test_a_service_lead_sees_what_was_escalated_to_them_alone(service_lead, product_owner, team):
    lead, by = service_lead.user, product_owner.user
    asked = owned_blocker(team, by, title="The pack waits for design")
    asked.escalate(lead, "Agree to a draft", timezone.localdate() + dt.timedelta(1), by=by)
    owned_blocker(team, by, title="The host refuses the password")

    page = service_lead.get("/").text

    assert "Agree to a draft" in page and asked.get_absolute_url() in page
    assert "refuses the password" not in page


def test_an_administrator_sees_what_needs_setting_up(administrator, team):
    page = administrator.get("/").text

    assert "No product owner" in page
    assert f"/teams/{team.slug}/people/" in page


def test_an_administrator_is_led_to_what_has_no_name_yet(administrator, team):
    programme = team.programme
    bare = administrator.get("/").text
    ServiceFactory(programme=programme)
    half = administrator.get("/").text

    assert f"/programmes/{programme.slug}/themes/add/" in bare and f"/programmes/{programme.slug}/services/add/" in bare
    assert "/themes/add/" in half and "/services/add/" not in half
    assert "Everything is set up" not in bare + half


def test_somebody_in_no_team_learns_what_to_do(db):
    assert "You are not in a team" in signed_in(UserFactory()).get("/").text


def test_an_archived_team_leaves_today(member, team, administrator):
    team.archive(by=administrator.user)

    assert "Housing" not in member.get("/").text


def test_what_an_empty_team_is_told_is_how_to_begin(member, team):
    page = member.get("/").text

    assert "no opportunities yet" in page
    assert f"/teams/{team.slug}/opportunities/add/" in page


@pytest.mark.parametrize("teams", [1, 5])
def test_statements_are_the_same_for_one_team_and_five(django_assert_num_queries, teams, db):
    user = UserFactory()
    for _ in range(teams):
        team = TeamFactory()
        MembershipFactory(team=team, user=user, role=Role.PRODUCT_OWNER)
        ready_opportunity(team, user)
        ReviewSession.objects.prepare(team, "Part one", by=user)
        for _ in range(teams):
            story_in(StoryState.SIGN_OFF, team, user, assignee=user)
            Blocker.objects.add(team, by=user, title="The host refuses the new password")
    client = signed_in(user)

    with django_assert_num_queries(20):
        client.get("/")
