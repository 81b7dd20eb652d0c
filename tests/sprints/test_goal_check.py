"""How the sprint goal stands, said once a day above the stand-up."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from sprints.models import GoalCheck
from sprints.situation import digest_of
from teams.models import Change
from tests.factories import started_sprint

pytestmark = pytest.mark.django_db
FRIDAY, MONDAY = dt.date(2026, 11, 20), dt.date(2026, 11, 23)


@pytest.fixture(autouse=True)
def monday_morning():
    with time_machine.travel("2026-11-23T09:05Z", tick=False):
        yield


@pytest.fixture
def sprint(team, product_owner):
    return started_sprint(team, product_owner.user, starts_on=FRIDAY)


def say(client, track, day=MONDAY):
    return client.post(f"/teams/housing/standup/{day}/goal/", {"track": track}, follow=True)


def shown(client):
    page = client.get(f"/teams/housing/standup/{MONDAY}/").text
    return page.split('aria-labelledby="goal"')[1].split("</section>")[0]


def test_what_was_said_last_stands_until_somebody_says_more(sprint, member):
    GoalCheck.objects.say(sprint, FRIDAY, "at_risk", by=member.user)
    assert "At risk</span>" in shown(member) and "Friday, Team member" in shown(member)
    assert "How does it stand today?" in shown(member) and shown(member).count('name="track"') == 3

    assert "Noted: the sprint goal is on track" in say(member, "on_track").text

    assert "On track</span>" in shown(member) and "At risk</span>" not in shown(member)
    assert "Change it:" in shown(member) and shown(member).count('name="track"') == 2
    assert Change.objects.about(GoalCheck.objects.latest("day")).get().words == "said that the sprint goal is on track"


def test_whoever_says_it_later_that_day_is_right(sprint, member, researcher):
    say(member, "on_track")
    say(researcher, "off_track")

    assert [(one.track, one.said_by) for one in sprint.goal_checks.all()] == [("off_track", researcher.user)]


@pytest.mark.parametrize("track", ["", "fine", "on_track\0"])
def test_nonsense_says_nothing(sprint, member, track):
    say(member, track)

    assert not sprint.goal_checks.exists()


def test_a_sprint_started_early_has_no_day_nought(team, product_owner, member):
    started_sprint(team, product_owner.user, starts_on=MONDAY + dt.timedelta(2))

    walk, digest = member.get("/teams/housing/standup/walk/").text, digest_of(team, MONDAY, timezone.now())
    page = shown(member) + walk + digest.sprint + member.get("/teams/housing/sprints/").text

    assert "begins on 25 November 2026" in shown(member)
    assert "begins on 25 November 2026" in walk and "begins on 25 November 2026" in digest.sprint
    assert "day 0" not in page.lower()


@pytest.mark.parametrize("day", [FRIDAY, MONDAY + dt.timedelta(1)])
def test_it_is_said_of_today_only(sprint, member, day):
    assert say(member, "on_track", day).status_code == 404
    assert not sprint.goal_checks.exists()


def test_without_a_sprint_there_is_no_goal(team, member):
    assert say(member, "on_track").status_code == 404
