from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.models import Opportunity
from teams.access import for_anyone_signed_in

LONGEST = 200


@require_http_methods(["GET", "HEAD"])
@for_anyone_signed_in
def search(request):
    """Everything the person may see that says the words; a reference leads straight to its page."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    seen = Opportunity.objects.seen_by(request.user)
    exact = seen.filter(reference=text.upper()).first() if text else None
    if exact:
        return redirect(exact)
    found = seen.best_matches(text) if text else []
    return render(request, "backlog/search.html", {"text": text, "found": found})
