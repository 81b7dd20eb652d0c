"""All sprints of a team: what became of each goal, and how work flows."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints.planning import velocity_of
from sprints.sprint_forms import PlanForm
from sprints.team_flow import flow_of, times_of
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import fresh_key
from teams.permissions import Can

LISTED = 50


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def sprints(request, team):
    """What is going on and what is planned, the goal record, velocity, cumulative flow and cycle time."""
    found = list(team.sprints.without_records()[:LISTED])
    for one in found:
        one.team = team
    ended = [one for one in found if one.is_over]
    context = {
        "team": team,
        "open": sorted((one for one in found if not one.is_over), key=lambda one: one.starts_on),
        "ended": ended,
        "velocity": velocity_of([one for one in ended if one.goal_result][:3]),
        "goals": {result: sum(one.goal_result == result for one in ended) for result in ("met", "partly", "not_met")},
        "flow": flow_of(team, timezone.localdate()),
        "times": times_of(team),
        "today": timezone.localdate(),
    }
    return render(request, "sprints/sprints.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.PLAN_SPRINT)
def new(request, team):
    """Plan a sprint: a number, dates and, by the start, a goal."""
    is_first = not team.sprints.exists()
    first, last = team.sprints.next_dates(team, timezone.localdate())
    initial = {"starts_on": first, "ends_on": last, "number": 1, "key": fresh_key()}
    form = PlanForm(request.POST if request.method == "POST" else None, first=is_first, initial=initial)
    if form.is_valid():
        try:
            return redirect(_planned(request.user, team, form.cleaned_data))
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {"team": team, "form": form}
    return render(request, "sprints/new.html", context, status=422 if form.errors else 200)


def _planned(user, team, given):
    """The address of the sprint's plan; a form sent twice plans one."""
    key = given.pop("key")
    return Submission.once(user, key, lambda: team.sprints.plan(team, by=user, **given).get_absolute_url() + "plan/")
