"""Today: the one page that speaks of every app. Each line below asks once for all teams, however many they are."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backlog.models import Opportunity, ReviewSession
from teams.access import Standing, for_anyone_signed_in
from teams.models import Change, Invitation, Programme, Team
from teams.permissions import Role

CHANGES = 5
DUE = 3


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def today(request):
    columns = columns_for(request.user)
    own = {column.team.pk for column in columns}
    sessions = ReviewSession.objects.open_to(request.user).unfinished().with_counts().select_related("team__programme")
    sessions = list(sessions)
    for column in columns:
        column.sessions = [one for one in sessions if one.team_id == column.team.pk]
    context = {
        "date": timezone.localdate(),
        "columns": columns,
        "invited": [one for one in sessions if one.team_id not in own],
        "leads": Programme.objects.led_by(request.user),
        "administers": programmes_to_set_up(request.user),
    }
    return render(request, "config/today.html", context)


@dataclass
class Column:
    """One team the person is in."""

    team: Team
    standing: Standing
    counts: dict
    due: list
    changes: list
    sessions: list = ()


def columns_for(user):
    memberships = list(user.memberships.current().in_teams_in_use())
    teams = [one.team for one in memberships]
    counts = Opportunity.objects.in_teams(teams).counted_by_team()
    due = list(Opportunity.objects.in_teams(teams).due_again()[: 20 * DUE])
    changes = Change.objects.latest_in_teams(teams, CHANGES)
    return [
        Column(
            team=one.team,
            standing=Standing(frozenset([Role(one.role)]), one.team, one.team.programme),
            counts=counts.get(one.team_id, {}),
            due=[parked for parked in due if parked.team_id == one.team_id][:DUE],
            changes=changes[one.team_id],
        )
        for one in memberships
    ]


def programmes_to_set_up(user):
    """What waits for an administrator: teams nobody decides in, and invitations nobody answered."""
    programmes = list(Programme.objects.administered_by(user))
    teams = list(Team.objects.in_use().filter(programme__in=programmes).with_people_counted())
    invitations = list(Invitation.objects.waiting().filter(programme__in=programmes).select_related("team", "service"))
    for programme in programmes:
        own = [team for team in teams if team.programme_id == programme.pk]
        programme.has_teams = bool(own)
        programme.without_owner = [team for team in own if not team.owners]
        asked = [one for one in invitations if one.programme_id == programme.pk]
        programme.expired = [one for one in asked if one.has_expired]
        programme.asked = [one for one in asked if not one.has_expired]
    return programmes
