from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from backlog.access import for_review


@require_http_methods(["GET", "HEAD"])
@for_review()
def review(request, session):
    """Where the room is: the current item, or what stands in its place."""
    return render(request, "backlog/review.html", {"session": session, "team": session.team})
