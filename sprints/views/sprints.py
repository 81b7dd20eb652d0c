from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from teams.access import for_team
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def sprints(request, team):
    """Every sprint of the team: what is planned, what is going on, and what became of each goal."""
    return render(request, "sprints/sprints.html", {"team": team, "sprints": team.sprints.all()})
