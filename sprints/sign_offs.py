"""Stories that wait for the product owner, as a section of the digest."""

from collections import defaultdict

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from backlog.models import Story
from sprints.digest import Line

MOST = 5


def waiting(teams, since) -> dict:
    """Team → those that wait longest, new ones marked. The whole queue is a page of its own."""
    place = Window(RowNumber(), partition_by=F("team"), order_by=["state_since", "pk"])
    first = Story.objects.in_teams(teams).waiting_for_sign_off().annotate(place=place).filter(place__lte=MOST)
    found = defaultdict(list)
    for story in first:
        is_new = story.state_since > since[story.team_id]
        found[story.team_id].append(Line(f"{story.reference} {story.title}", "", story.get_absolute_url(), is_new))
    return found
