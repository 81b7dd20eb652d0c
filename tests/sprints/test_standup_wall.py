"""The wall of a stand-up, what stands beside it, and who reads it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from sprints.models import StandupEntry, TalkAfter
from teams.models import Change
from tests.factories import MembershipFactory, raised_blocker
from tests.sprints.standups import HERE, MONDAY, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]


def test_away_is_a_state_and_nobody_is_missing(team, member, researcher):
    page = member.post(f"{HERE}away/", follow=True).text

    assert "Away" in page and "0 of 1 in" in page
    assert researcher.get("/teams/housing/people/").status_code == 200
    member.post(f"{HERE}here/")
    assert not member.user.absences.exists()


def test_nobody_waits_for_part_time_people_on_their_other_days(team, member, researcher):
    member.user.work_on([1, 2, 3])

    page, today = member.get(HERE).text, researcher.get("/").text

    assert "Does not work on Mondays" in page and "0 of 1 in" in page
    assert "I am away" not in page and "Write yours all the same" in page
    assert "of 1 in" in today
    member.post(HERE, words())
    assert "1 of 2 in" in member.get(HERE).text  # who came all the same counts


def test_whoever_left_stays_on_the_wall_of_the_day(team, member, researcher):
    member.post(HERE, words())
    team.memberships.get(user=member.user).leave(by=researcher.user)

    assert "Drew stage 6" in researcher.get(HERE).text


def test_the_wall_asks_as_often_however_many_there_are(team, member, at_most):
    for _ in range(12):
        someone = MembershipFactory(team=team).user
        entry = team.standup_entries.create(person=someone, day=MONDAY, doing="Work", posted_by=someone)
        entry.blockers.add(raised_blocker(team, someone))

    with at_most(22):
        member.get(HERE)


def test_things_to_talk_about_after_with_names(team, member, researcher):
    sent = {"text": "Who sees the findings?", "people": [researcher.user.pk], "key": uuid.uuid4()}

    for _ in range(2):
        response = member.post(f"{HERE}talk/", sent)

    topic = team.talks_after.get()
    assert response["Location"] == f"{HERE}#after"
    assert "Who sees the findings?" in (page := member.get(HERE).text) and "User researcher" in page
    member.post(f"{HERE}talk/{topic.pk}/done/")
    assert "<s>Who sees the findings?</s>" in member.get(HERE).text
    assert member.get(f"/teams/{team.slug}/").text.count("Who sees the findings?") == 2  # asked, and ticked off


def test_what_was_ticked_off_by_mistake_is_put_back(team, member):
    topic = TalkAfter.objects.add(team, MONDAY, "Who sees the findings?", [], by=member.user)
    member.post(f"{HERE}talk/{topic.pk}/done/")

    for _ in range(2):
        member.post(f"{HERE}talk/{topic.pk}/done/", {"back": ""})

    assert "<s>" not in member.get(HERE).text
    assert [change.words.partition(":")[0] for change in Change.objects.about(topic)] == [
        "put back",
        "ticked off",
        "asked to talk after the stand-up",
    ]


def test_the_next_team_is_one_press_away(team, member):
    other = MembershipFactory(user=member.user, team__name="Bereavement", team__slug="bereavement").team

    assert f'href="/teams/{other.slug}/standup/"' in member.get(HERE).text


@pytest.mark.parametrize("never", [{"doing": "", "did": ""}, {"edited_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}])
def test_the_database_refuses_what_must_never_be_false(team, member, never):
    member.post(HERE, words())

    with pytest.raises(IntegrityError), transaction.atomic():
        StandupEntry.objects.update(**never)


@pytest.mark.parametrize(("reader", "status"), [("service_lead", 403), ("administrator", 403), ("outsider", 404)])
def test_stand_ups_are_the_teams_alone(request, team, reader, status):
    client = request.getfixturevalue(reader)

    assert client.get(HERE).status_code == client.post(HERE, words()).status_code == status


def test_an_archived_teams_stand_ups_are_read_only(team, member, product_owner):
    team.archive(by=product_owner.user)

    assert member.get(HERE).status_code == 200
    assert member.post(HERE, words()).status_code == 403
