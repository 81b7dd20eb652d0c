from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints.access import for_sprint
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.READ)
def sprint(request, sprint):
    """The goal, and how far the sprint is."""
    day, days = sprint.day_on(timezone.localdate())
    context = {"sprint": sprint, "team": sprint.team, "day": day, "days": days}
    return render(request, "sprints/sprint.html", context)
