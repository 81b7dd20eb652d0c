"""What is selected in a list of stories, and the way back to that list."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.urls import reverse

AT_ONCE = 100
LONGEST = 500  # characters of a filter


def picked(request, team) -> list:
    """The stories that were selected, by their ids: whoever changes several takes them in one sequence."""
    references = request.POST.getlist("pick")
    if len(references) > AT_ONCE:
        raise BadRequest(f"Select up to {AT_ONCE} stories at once")
    return list(team.stories.filter(reference__in=references).select_related("team__programme").order_by("pk"))


def back_to_list(request, team, change) -> str:
    """The list as it was filtered, with what was done above it."""
    query = QueryDict(request.POST.get("query", "")[:LONGEST], mutable=True)
    if change:
        query["done"] = change.pk
    else:
        messages.success(request, "They are like that already, so nothing was changed")
    return f"{reverse('backlog:stories', args=[team.slug])}?{query.urlencode()}"
