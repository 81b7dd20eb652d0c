from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog.models import Opportunity
from teams.access import for_thing
from teams.models import Change
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_thing(Opportunity, Can.READ)
def opportunity(request, opportunity):
    context = {
        "opportunity": opportunity,
        "team": opportunity.team,
        "changes": Change.objects.about(opportunity)[:50],
    }
    return render(request, "backlog/opportunity.html", context)
