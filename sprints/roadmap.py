"""What a programme works on now, next and later. Its dates are estimates: they follow the sprints as they stand."""

from django.db.models import Count, F, Max, Q, Window
from django.db.models.functions import RowNumber

from backlog.models import State
from backlog.models.story_states import OPEN, StoryState
from sprints.models import Commitment

NEXT = 5  # of each team
MOST = 50  # in a column; the programme backlog holds all
STILL_OPEN = Q(stories__state__in=OPEN)
IN_A_SPRINT = STILL_OPEN & Q(stories__commitments__held=True)


def now(programme) -> list:
    """In delivery, with how far each has come and the last day of the last sprint that holds a story of it."""
    rows = programme.opportunities.ranked().filter(state=State.IN_DELIVERY).select_related("team")
    written = ~Q(stories__state=StoryState.WONT_DO)
    return list(
        rows.annotate(
            stories_all=Count("stories", filter=written, distinct=True),
            stories_done=Count("stories", filter=Q(stories__state=StoryState.DONE), distinct=True),
            stories_unplanned=Count("stories", filter=STILL_OPEN, distinct=True)
            - Count("stories", filter=IN_A_SPRINT, distinct=True),
            until=Max("stories__commitments__sprint__ends_on", filter=IN_A_SPRINT),
        )[:MOST]
    )


def next_and_later(programme) -> tuple[list, list, int]:
    """The first few that each team has taken forward, the others, and how many others there are in all."""
    taken_forward = programme.opportunities.ranked().filter(state=State.TAKE_FORWARD)
    place = Window(RowNumber(), partition_by="team", order_by=F("rank").asc())
    placed = taken_forward.annotate(place=place).select_related("team")
    first = list(placed.filter(place__lte=NEXT))
    starts = Commitment.objects.first_days_by_opportunity(first)
    for one in first:
        one.starts_on = starts.get(one.pk)
    return first, list(placed.filter(place__gt=NEXT)[:MOST]), taken_forward.count() - len(first)
