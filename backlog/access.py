"""The door of review sessions: their teams, and whoever is invited."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from backlog.models import ReviewSession
from teams.access import Standing, one_or_404, refuse_if_archived, standing_in, team_for
from teams.permissions import Can

INVITED = "read the team's pages, or an invitation"


def for_reviews(view):
    """Open /teams/<team>/reviews/ to the team and to those invited to any of its sessions."""

    @wraps(view)
    def guarded(request, team, **kwargs):
        sessions = ReviewSession.objects.open_to(request.user).filter(team__slug=team)
        for found in team_for(request.user.pk, team):
            request.standing = standing_in(found, found)
            if not (request.standing.may(Can.READ) or sessions.exists()):
                raise PermissionDenied
            return view(request, found, sessions, **kwargs)
        guest = sessions.select_related("team__programme").first()
        if guest is None:
            raise Http404
        request.standing = Standing(frozenset(), guest.team, guest.team.programme)
        return view(request, guest.team, sessions, **kwargs)

    guarded.needs = INVITED
    return guarded


def for_review(needs=INVITED):
    """Open /teams/<team>/reviews/<review>/… to those who may follow the session, or record its decisions.

    A service lead without an invitation gets 403 whether or not the session exists; everyone else who may not follow
    gets 404.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, team, review, **kwargs):
            sessions = ReviewSession.objects.open_to(request.user).select_related("team__programme", "current")
            session = sessions.filter(team__slug=team, pk=review).first()
            if session is None:
                _refuse(request.user, team)
            request.standing = standing_in(session, session.team)
            if needs == Can.RECORD_REVIEW or request.method == "POST":
                refuse_if_archived(request.standing)
            if needs == Can.RECORD_REVIEW and not session.records:
                raise PermissionDenied
            return view(request, session, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def _refuse(user, slug):
    team = one_or_404(team_for(user.pk, slug))
    if standing_in(team, team).may(Can.READ):
        raise Http404
    raise PermissionDenied
