"""The last line of what keeps programmes apart: what no code may write, the database refuses."""

from django.db import connection
from django.utils import timezone

from teams.models import Invitation, Team
from teams.permissions import Role
from tests.factories import ServiceFactory, TeamFactory, UserFactory
from tests.keys import refused_by


def ask_in(programme, **fields):
    return Invitation.objects.create(
        programme=programme,
        email="wyn@ambleford.example",
        invited_by=UserFactory(),
        expires_at=timezone.now(),
        **fields,
    )


def test_a_team_is_not_led_by_a_service_of_another_programme(team):
    Team.objects.filter(pk=team.pk).update(lead_service=ServiceFactory(programme=team.programme))
    connection.check_constraints()

    with refused_by("lead_service_is_of_the_teams_programme"):
        Team.objects.filter(pk=team.pk).update(lead_service=ServiceFactory())


def test_a_team_does_not_leave_its_services_behind(team):
    Team.objects.filter(pk=team.pk).update(lead_service=ServiceFactory(programme=team.programme))

    with refused_by("lead_service_is_of_the_teams_programme"):
        Team.objects.filter(pk=team.pk).update(programme=TeamFactory().programme)


def test_nobody_is_invited_into_a_team_of_another_programme(team):
    with refused_by("invitation_is_into_a_team_of_its_programme"):
        ask_in(team.programme, role=Role.MEMBER, team=TeamFactory())


def test_nobody_is_invited_to_lead_a_service_of_another_programme(team):
    with refused_by("invitation_is_to_lead_a_service_of_its_programme"):
        ask_in(team.programme, role=Role.SERVICE_LEAD, service=ServiceFactory())
