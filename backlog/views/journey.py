from collections import defaultdict

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog import journey_map
from backlog.models import Journey
from backlog.models.stage import with_map
from teams.access import for_team
from teams.models import Change
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def journeys(request, team):
    """The team's journeys, as they are and as they should be."""
    context = {
        "team": team,
        "journeys": team.journeys.in_use().with_counts(),
        "archived": team.journeys.archived(),
    }
    return render(request, "backlog/journeys.html", context)


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def journey(request, team, journey):
    """The map of one journey."""
    journey = found(team, journey, with_map(team.journeys))
    columns = columns_of(journey)
    points = journey_map.line(columns)
    context = {
        "team": team,
        "journey": journey,
        "columns": columns,
        "total": sum(column.total for column in columns),
        "deepest": journey_map.deepest(columns),
        "points": points,
        "curve": journey_map.curve(points),
        "heat": journey_map.heat,
        "changes": Change.objects.about(journey)[:20],
    }
    return render(request, "backlog/journey.html", context)


def found(team, slug, journeys=None) -> Journey:
    """The team's journey of that address. Raises Http404."""
    journey = (team.journeys if journeys is None else journeys).filter(slug=slug).first()
    if journey is None:
        raise Http404
    journey.team = team
    return journey


def columns_of(journey):
    stages, at = journey.stages.all(), defaultdict(list)
    for opportunity in journey.team.opportunities.worst_at_each(stages):
        at[opportunity.stage_id].append(opportunity)
    return [journey_map.Column(stage, at[stage.pk]) for stage in stages]
