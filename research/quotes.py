"""What people said that may be read outside the team (domain.md §5): by what kind of user, never by whom."""

from dataclasses import dataclass

from django.db.models import Q

from research.models import Finding, Observation

MOST = 3  # on one page


@dataclass(frozen=True)
class Quote:
    text: str
    who: str  # a user group


def quotes_for(opportunity) -> list:
    """Of those behind it, and behind what was merged into it."""
    here = Q(opportunities=opportunity) | Q(opportunities__merged_into=opportunity)
    behind = Q(findings__in=Finding.objects.standing().filter(here)) | here
    safe = Observation.objects.shareable().filter(pk__in=Observation.objects.filter(behind).values("pk"))
    rows = safe.in_order().values_list("text", "session__participant__user_group")[:MOST]
    return [Quote(text, who or "") for text, who in rows]
