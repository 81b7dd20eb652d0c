"""The doors of playbacks: their teams, and whoever is asked to answer."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from research.models import Playback, ShareLink
from teams.access import Standing, one_or_404, public, refuse_if_archived, standing_in, team_for
from teams.permissions import Can

INVITED = "read the team's pages, or an invitation"
ANSWER = "an invitation to answer"
TALK = "read the team's pages, or an invitation to answer"
OPENED = "playback_link"  # in the session: the hash of the link's token, and so nothing that would open it elsewhere
CONFIRMED = "playback_reviewer"  # in the session: (link, reviewer)


def for_playbacks(view):
    """Open /teams/<team>/playbacks/ to the team, and to those who are asked to answer something of it.

    The view receives the team and the playbacks they may see.
    """

    @wraps(view)
    def guarded(request, team, **kwargs):
        found = one_or_404(team_for(request.user.pk, team))
        request.standing = standing_in(found, found)
        theirs = Playback.objects.open_to(request.user).filter(team=found)
        if not (request.standing.may(Can.READ) or theirs.exists()):
            raise PermissionDenied
        return view(request, found, theirs, **kwargs)

    guarded.needs = INVITED
    return guarded


def for_invited(needs=INVITED):
    """Open /teams/<team>/playbacks/<playback>/… to the team, and once it is shared to those asked to answer.

    For everybody else it does not exist. `needs` may be a right in the team, or to be one of those who answer. The
    view receives the playback, which knows `works` and `asked`.
    """

    def decorate(view):
        @wraps(view)
        def guarded(request, team, playback, **kwargs):
            rows = Playback.objects.open_to(request.user).select_related("team__programme")
            found = rows.filter(team__slug=team, pk=playback).first()
            if found is None:
                raise Http404
            request.standing = standing_in(found, found.team) if found.works else guest_of(found)
            if request.method not in ("GET", "HEAD"):
                refuse_if_archived(request.standing)
            if not _allowed(found, needs, request.standing):
                raise PermissionDenied
            return view(request, found, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def for_link(*, answers=False):
    """Open /p/… to whoever came through a share link that is still good, and with `answers` only once they confirmed
    an address. The view receives the link, which knows its `reviewer`, or None."""

    def decorate(view):
        @wraps(view)
        def guarded(request, **kwargs):
            link = ShareLink.objects.behind(request.session.get(OPENED, ""))
            if link is None:
                raise Http404
            link.reviewer = _confirmed(request, link)
            if request.method not in ("GET", "HEAD"):
                refuse_if_archived(guest_of(link.playback))
            if answers and link.reviewer is None:
                raise PermissionDenied
            return view(request, link, **kwargs)

        return public(guarded)

    return decorate


def _confirmed(request, link):
    """Who this browser has shown itself to be, through this very link."""
    by, reviewer = request.session.get(CONFIRMED, (None, None))
    found = link.playback.reviewers.current().filter(pk=reviewer, user=None).first() if by == link.pk else None
    return found if found and link.lets_answer(found.email) else None


def guest_of(playback) -> Standing:
    """A reader who is nothing in the team, whatever they are beside."""
    return Standing(frozenset(), playback.team, playback.team.programme)


def _allowed(playback, needs, standing) -> bool:
    if needs == ANSWER:
        return playback.asked
    if needs in (INVITED, TALK):
        return True
    if not standing.may(needs) and standing.may_in_use(needs):
        refuse_if_archived(standing)
    return standing.may(needs)
