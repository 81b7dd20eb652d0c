"""/programmes/<programme>/digests/: how the morning goes, for whoever keeps it running; and what Today says of it."""

import re

import pytest

from sprints.models import DigestSettings
from sprints.morning import send_due
from teams.models import OutgoingMail, Programme
from tests.factories import MembershipFactory, TeamFactory
from tests.people import signed_in
from tests.sprints.mornings import FRIDAY, MONDAY, at, digests, during, raised

PAGE = "/programmes/ambleford/digests/"


@pytest.fixture
def blocked(team, member, delivery_manager):
    Programme.objects.update(slug="ambleford")
    raised(team, member.user, title="No figures for late offer letters")
    return team


def row(client, team="Housing", hour=9):
    """What the page says of a team, without the marks."""
    with during(MONDAY, hour):
        page = signed_in(client.user).get(PAGE).text
    return " ".join(re.sub("<[^>]+>", " ", re.search(f'scope="row" class="title">{team}<.*?</tr>', page)[0]).split())


def test_a_row_says_how_a_teams_morning_goes(blocked, administrator):
    with_nothing, off, scots = (
        TeamFactory(programme=blocked.programme, name=name) for name in ("Idle", "Off", "Scots")
    )
    DigestSettings.objects.create(team=off, is_on=False)
    scots.close(MONDAY, MONDAY, "Away day", by=administrator.user)

    assert "Not yet" in row(administrator, hour=7)
    assert "Due" in row(administrator)
    send_due(at(MONDAY))
    digests().filter(user__name="Team member").update(state="unknown")

    assert "Time 8:30am" in row(administrator)
    assert "This morning Sent Sent – Waiting 1 In doubt 1" in row(administrator)
    assert "This morning Skipped Nothing to report" in row(administrator, "Idle")
    assert "Switched off" in row(administrator, "Off")
    assert "Not a working day" in row(administrator, "Scots")


def test_it_says_what_waits_and_names_no_person_and_no_blocker(blocked, administrator):
    with during(MONDAY):
        send_due(at(MONDAY, 8))
        send_due(at(MONDAY))
        page = signed_in(administrator.user).get(PAGE).text

    assert "<dt>Letters waiting</dt><dd>2</dd>" in page
    assert "Team member" not in page and "No figures" not in page


def test_it_costs_the_same_for_many_teams(blocked, administrator, at_most):
    for _ in range(20):
        raised(*_team_and_one(blocked.programme))
    send_due(at(MONDAY))

    with at_most(13):
        assert administrator.get(PAGE).status_code == 200


def _team_and_one(programme):
    one = MembershipFactory(team=TeamFactory(programme=programme))
    return one.team, one.user


def test_a_missed_morning_stands_out(blocked, administrator):
    send_due(at(FRIDAY, 12))
    send_due(at(MONDAY, 11))

    assert "Missed It could not be sent by 11:00am" in row(administrator, hour=12)


@pytest.mark.parametrize("state", ["unknown", "failed"])
def test_today_tells_who_can_mend_it_of_letters_in_doubt(blocked, member, delivery_manager, state):
    send_due(at(MONDAY))
    digests().filter(user=member.user).update(state=state)

    with during(MONDAY):
        seen = {client: signed_in(client.user).get("/").text for client in (member, delivery_manager)}
    assert "1 letter did not arrive, or may not have arrived" in seen[delivery_manager]
    assert "may not have arrived" not in seen[member]


def test_today_is_silent_a_day_later_and_once_it_was_sent_again(blocked, member, delivery_manager):
    send_due(at(MONDAY))
    letter = digests().get(user=member.user)
    digests().filter(pk=letter.pk).update(state="unknown")

    with during(MONDAY, 23):
        assert "in doubt" in signed_in(delivery_manager.user).get("/").text
        OutgoingMail.objects.get(pk=letter.pk).send_again()
        assert "in doubt" not in signed_in(delivery_manager.user).get("/").text
