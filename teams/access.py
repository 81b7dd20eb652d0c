"""The doors. Every view stands behind one; a view without a door fails a test.

Outsiders get 404, the same bytes as for a thing that does not exist; insiders without the right get 403.
A door leaves `request.standing`, which answers `may(…)` for the view and its template.
"""

from dataclasses import dataclass
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404

from teams.models import Programme, Team, User
from teams.models.standing import roles, stands
from teams.permissions import ALLOWED, ALLOWED_IN_ARCHIVED, Can, Role
from teams.prepared import prepared


@dataclass(frozen=True)
class Standing:
    """What a person is in one place: a team or a programme."""

    roles: frozenset
    team: Team | None = None
    programme: Programme | None = None

    def may(self, can: Can | str) -> bool:
        return self.may_in_use(can) and (can in ALLOWED_IN_ARCHIVED or not self.is_archived)

    def may_in_use(self, can: Can | str) -> bool:
        """Whether the roles would do, were nothing archived."""
        return any(Can(can) in ALLOWED[role] for role in self.roles)

    @property
    def is_archived(self) -> bool:
        """A team is put away with its programme."""
        return bool(self.team and (self.team.archived_at or self.programme.archived_at))


def visible(queryset, user, *, programme: str, team: str | None = None):
    """The rows in whose team or programme the person stands somehow, each with the `roles` they have there.

    `team` and `programme` are the paths from the row to the two ids. One query answers both whether the row may be
    known of and in which roles, so a door costs no more than the look-up it guards.
    """
    return queryset.annotate(roles=roles(user, programme, team)).filter(stands(user, programme, team))


@prepared
def team_for(person: int, slug: str):
    """The team of this name, if the person stands in it somehow."""
    teams = Team.objects.select_related("programme")
    return visible(teams, User(pk=person), team="pk", programme="programme_id").filter(slug=slug)


@prepared
def programme_for(person: int, slug: str):
    return visible(Programme.objects.all(), User(pk=person), programme="pk").filter(slug=slug)


def one_or_404(rows):
    for row in rows:
        return row
    raise Http404


def standing_in(row, team) -> Standing:
    """What `visible` found out about one row."""
    return Standing(_roles(row), team, team.programme)


def for_team(needs: Can):
    """Open /teams/<team>/… to those whose role in the team allows `needs`. The view receives the team."""

    def decorate(view):
        @wraps(view)
        def guarded(request, team, **kwargs):
            team = one_or_404(team_for(request.user.pk, team))
            request.standing = standing_in(team, team)
            allow(request, needs)
            return view(request, team, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def for_thing(model, needs: Can, *joined: str, rows="all"):
    """Open /opportunities/<reference>/… and the like. The view receives the thing; it belongs to a team.

    `joined` names what the page shows of other tables, so that the door's query brings it along; `rows` names the
    question of the model's that brings along more.
    """

    @prepared
    def thing_for(person: int, reference: str):
        things = getattr(model.objects, rows)().select_related("team__programme", *joined)
        things = visible(things, User(pk=person), team="team_id", programme="team__programme_id")
        return things.filter(reference=reference)

    def decorate(view):
        @wraps(view)
        def guarded(request, reference, **kwargs):
            thing = one_or_404(thing_for(request.user.pk, reference))
            request.standing = standing_in(thing, thing.team)
            allow(request, needs)
            return view(request, thing, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def for_programme(needs: Can):
    """Open /programmes/<programme>/… to those who work, lead a service or administer there."""

    def decorate(view):
        @wraps(view)
        def guarded(request, programme, **kwargs):
            programme = one_or_404(programme_for(request.user.pk, programme))
            request.standing = Standing(_roles(programme), None, programme)
            allow(request, needs)
            return view(request, programme, **kwargs)

        guarded.needs = needs
        return guarded

    return decorate


def for_anyone_signed_in(view):
    """Open to every account; the view shows only what is the person's own."""
    view.needs = "signed in"
    return view


def public(view):
    """Open without an account. The list of these views is frozen in a test."""
    view = login_not_required(view)
    view.needs = "nothing"
    return view


def refuse_if_archived(standing):
    if standing.is_archived:
        place = standing.team if standing.team.archived_at else standing.programme
        raise PermissionDenied(
            f"{place} is archived: it can be read, and nothing in it changed. "
            "An administrator can restore it in the settings of the programme"
        )


def allow(request, needs):
    if request.standing.may(needs):
        return
    if request.standing.may_in_use(needs):
        refuse_if_archived(request.standing)
    raise PermissionDenied


def _roles(row) -> frozenset:
    return frozenset(map(Role, row.roles))
