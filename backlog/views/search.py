from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.models import Opportunity, Story
from teams.access import for_anyone_signed_in

LONGEST = 200


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def search(request):
    """Everything the person may see that says the words; a reference leads straight to its page."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    seen = [model.objects.seen_by(request.user) for model in (Opportunity, Story)]
    exact = [rows.filter(reference=text.upper()).first() for rows in seen] if text else []
    for thing in filter(None, exact):
        return redirect(thing)
    found, stories = (rows.best_matches(text) if text else [] for rows in seen)
    return render(request, "backlog/search.html", {"text": text, "found": found, "stories": stories})
