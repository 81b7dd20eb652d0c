from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from sprints import roadmap as plans
from teams.access import for_programme
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.READ_PROGRAMME_BACKLOG)
def roadmap(request, programme):
    """Now, next and later over all teams; dates are estimates, and nobody types them in."""
    first, later, later_count = plans.next_and_later(programme)
    context = {
        "programme": programme,
        "tab": "roadmap",
        "teams": list(programme.teams.in_use().with_phase()),
        "now": plans.now(programme),
        "next": first,
        "later": later,
        "later_count": later_count,
        "reads": set(request.user.memberships.current().values_list("team", flat=True)),
    }
    return render(request, "sprints/roadmap.html", context)
