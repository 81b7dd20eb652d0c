"""Today: the one page that speaks of every app. Each line below asks once for all teams, however many they are."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backlog.models import Deputy, Opportunity, ReviewSession, Story, StoryState
from research.models import Playback
from sprints.ledger import age_in_words
from sprints.models import Blocker, Sprint
from sprints.standup import Glance, glances
from sprints.telling import letters_in_doubt
from teams.access import Standing, for_anyone_signed_in
from teams.models import Change, Invitation, Programme, Team
from teams.permissions import Role

CHANGES = 3
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
    leads = list(Programme.objects.led_by(request.user))
    context = {
        "date": timezone.localdate(),
        "columns": columns,
        "invited": [one for one in sessions if one.team_id not in own],
        "leads": leads,
        "escalated": Blocker.objects.waiting_for(request.user) if leads else [],
        "playbacks": list(Playback.objects.waiting_for(request.user)),
        "administers": programmes_to_set_up(request.user),
    }
    return render(request, "config/today.html", context)


@dataclass
class Column:
    """One team the person is in."""

    team: Team
    standing: Standing
    sprint: Sprint | None
    day: tuple
    standup: Glance
    blockers: list  # (blocker, its age in words)
    to_sign_off: list
    mine: list
    counts: dict
    due: list
    changes: list
    in_doubt: int | None  # letters of this morning's digest
    sessions: list = field(default_factory=list)


def columns_for(user):
    memberships = user.memberships.current().in_teams_in_use().prefetch_related("team__closures")
    memberships = memberships.annotate(in_doubt=letters_in_doubt(timezone.now()))
    memberships = list(memberships.annotate(is_deputy=Deputy.objects.stands_in()))
    teams = [one.team for one in memberships]
    sprints = by_team(Sprint.objects.in_teams(teams).active(), teams)
    blockers = by_team(Blocker.objects.in_teams(teams).open().in_ledger_order(), teams)
    stories = by_team(Story.objects.in_teams(teams).waiting_for(user).in_order(), teams)
    counts = Opportunity.objects.in_teams(teams).counted_by_team()
    due = by_team(Opportunity.objects.in_teams(teams).due_again()[: 20 * DUE], teams)
    changes = Change.objects.latest_in_teams(teams, CHANGES)
    day = timezone.localdate()
    standups = glances(teams, user, day)
    columns = []
    for one in memberships:
        team, signs_off = one.team, one.role == Role.PRODUCT_OWNER or one.is_deputy
        sprint = next(iter(sprints[team.pk]), None)
        columns.append(
            Column(
                team=team,
                standing=Standing(frozenset([Role(one.role)]), team, team.programme),
                sprint=sprint,
                day=sprint.day_on(day) if sprint else (),
                standup=standups[team.pk],
                blockers=[(blocker, age_in_words(blocker, day)) for blocker in blockers[team.pk]],
                to_sign_off=[story for story in stories[team.pk] if signs_off and story.state == StoryState.SIGN_OFF],
                mine=[story for story in stories[team.pk] if story.assignee_id == user.pk],
                counts=counts.get(team.pk, {}),
                due=due[team.pk][:DUE],
                changes=changes[team.pk],
                in_doubt=one.in_doubt,
            )
        )
    return columns


def by_team(rows, teams) -> dict:
    """Rows by the id of their team; each knows its team, calendar included, without being asked again."""
    known, found = {team.pk: team for team in teams}, defaultdict(list)
    for row in rows:
        row.team = known[row.team_id]
        found[row.team_id].append(row)
    return found


def programmes_to_set_up(user):
    """What waits for an administrator: lists without a name, teams nobody decides in, invitations nobody answered."""
    programmes = list(Programme.objects.administered_by(user).saying_what_is_named())
    teams = list(Team.objects.in_use().filter(programme__in=programmes).with_people_counted())
    invitations = Invitation.objects.waiting().filter(programme__in=programmes).with_letters()
    invitations = list(invitations.select_related("team", "service"))
    for programme in programmes:
        own = [team for team in teams if team.programme_id == programme.pk]
        programme.has_teams = bool(own)
        programme.without_owner = [team for team in own if not team.owners]
        asked = [one for one in invitations if one.programme_id == programme.pk]
        programme.expired = [one for one in asked if one.has_expired]
        programme.asked = [one for one in asked if not one.has_expired]
    return programmes
