"""The golden thread on one page that can be printed, from either end."""

from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog.models import Opportunity, Story
from research import thread
from research.models import Reading
from teams.access import for_thing
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_thing(Opportunity, Can.READ)
def opportunity(request, opportunity):
    return _page(request, opportunity, thread.of_opportunity)


@require_http_methods(["GET", "HEAD"])
@for_thing(Story, Can.READ)
def story(request, story):
    return _page(request, story, thread.of_story)


def _page(request, thing, follow):
    def reads(round_):
        """A finding may be another team's; its notes are read in its own team only."""
        own = round_.team_id == thing.team_id
        return own and (request.standing.may(Can.READ_NOTES) or round_.is_shared)

    found = follow(thing, reads=reads)
    if not request.standing.may(Can.RUN_RESEARCH):
        for round_ in {strand.finding.round for strand in found.strands if strand.observations and strand.is_open}:
            Reading.objects.note(request.user, round_)
    context = {"team": thing.team, "thing": thing, "thread": found}
    return render(request, "research/thread.html", context)
