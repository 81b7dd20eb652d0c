"""The door of one sprint: its team's people. It is found by its number among the team's own."""

from functools import wraps

from django.http import Http404

from sprints.models import Sprint
from teams.access import for_team
from teams.permissions import Can

HIGHEST = 32767  # what the column holds


def for_sprint(needs: Can):
    """Open /teams/<team>/sprints/<number>/… to those whose role in the team allows `needs`."""

    def decorate(view):
        @wraps(view)
        @for_team(needs)
        def guarded(request, team, number, **kwargs):
            sprint = Sprint.objects.numbered(team, number) if number <= HIGHEST else None
            if sprint is None:
                raise Http404
            return view(request, sprint, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate
