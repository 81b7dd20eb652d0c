"""The doors of one sprint and of one stand-up, for their team, and of one blocker: for its team and whoever it is
escalated to."""

import datetime as dt
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from sprints.models import Blocker, Sprint
from sprints.models.sprint_rows import HIGHEST
from teams import access
from teams.access import for_team, one_or_404, refuse_if_archived, standing_in, team_for, visible
from teams.forms import EARLIEST, LATEST
from teams.models import User
from teams.permissions import Can
from teams.prepared import prepared

READ = "read"


@prepared
def _sprint_for(person: int, team: str, number: int):
    sprints = Sprint.objects.select_related("team__programme").filter(team__slug=team, number=number)
    return visible(sprints, User(pk=person), team="team_id", programme="team__programme_id")


def for_sprint(needs: Can):
    """Open /teams/<team>/sprints/<number>/… to those whose role in the team allows `needs`."""

    def decorate(view):
        @wraps(view)
        def guarded(request, team, number, **kwargs):
            sprint = one_or_404(_sprint_for(request.user.pk, team, min(number, HIGHEST)))
            request.standing = standing_in(sprint, sprint.team)
            access.allow(request, needs)
            return view(request, sprint, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def for_standup(needs: Can, to_write: Can | None = None):
    """Open /teams/<team>/standup/<yyyy-mm-dd>/…; the view receives team and day."""

    def decorate(view):
        @wraps(view)
        def guarded(request, team, day, **kwargs):
            door = for_team(to_write if to_write and request.method == "POST" else needs)
            return door(lambda request, team: view(request, team, _day(day), **kwargs))(request, team)

        guarded.needs = needs
        return guarded

    return decorate


def _day(text) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if day.isoformat() != text or not EARLIEST <= day < LATEST:
        raise Http404
    return day


def for_blocker(verb=READ):
    """Open /teams/<team>/blockers/<blocker>/… to those who may read it, or do `verb` with it; the view receives it.

    A service lead to whom it is not escalated gets 403 whether or not there is such a blocker; outsiders get 404.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, team, blocker, **kwargs):
            team = one_or_404(team_for(request.user.pk, team))
            request.standing = standing_in(team, team)
            found = _find(request, team, blocker)
            if request.method == "POST" and verb != READ:
                refuse_if_archived(request.standing)
            if verb != READ and not found.allows(verb, request.user, request.standing):
                raise PermissionDenied
            return view(request, found, **kwargs)

        guarded.needs = f"{verb} a blocker"
        return guarded

    return decorate


def _find(request, team, number):
    blockers = Blocker.objects.with_people().filter(team=team, number=number)
    if request.standing.may(Can.READ):
        return get_object_or_404(blockers)
    asked = blockers.escalated_to(request.user).first()
    if asked is None:
        raise PermissionDenied(
            "It is not escalated to you now. What you handed back, or what was resolved, is with its team again"
        )
    return asked
