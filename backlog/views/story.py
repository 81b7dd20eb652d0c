from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog.models import Story
from teams.access import for_thing
from teams.models import Change
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_thing(Story, Can.READ)
def story(request, story):
    changes = list(Change.objects.about(story)[:50])
    context = {
        "story": story,
        "team": story.team,
        "criteria": story.criteria.all(),
        "changes": changes,
        "undoable": [one for one in changes if story.may_be_undone_by(request.user, request.standing, one)],
    }
    return render(request, "backlog/story.html", context)
