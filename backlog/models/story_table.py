"""What the database refuses of a story whoever writes it, and how it finds one."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from .story_rows import SEARCHED
from .story_states import CLOSED, OPEN, POINTS, READY_OR_LATER, Kind, StoryState

CONSTRAINTS = [
    models.UniqueConstraint(fields=["team", "number"], name="story_number_is_unique_in_team"),
    models.UniqueConstraint(
        fields=["team", "rank"], name="story_rank_is_unique_in_team", deferrable=models.Deferrable.DEFERRED
    ),
    models.CheckConstraint(name="story_kind_is_known", condition=Q(kind__in=Kind.values)),
    models.CheckConstraint(name="story_points_are_on_the_scale", condition=Q(points__in=POINTS)),
    models.CheckConstraint(name="story_has_a_title", condition=~Q(title="")),
    models.CheckConstraint(
        name="open_stories_are_ranked",
        condition=Q(state__in=OPEN, rank__isnull=False) | Q(state__in=CLOSED, rank=None),
    ),
    models.CheckConstraint(
        name="done_stories_say_when",
        condition=Q(state=StoryState.DONE, done_at__isnull=False) | (~Q(state=StoryState.DONE) & Q(done_at=None)),
    ),
    models.CheckConstraint(name="story_wont_do_says_why", condition=~Q(state=StoryState.WONT_DO) | ~Q(reason="")),
    models.CheckConstraint(
        name="ready_stories_are_sized", condition=~Q(state__in=READY_OR_LATER) | Q(points__isnull=False)
    ),
    models.CheckConstraint(
        name="ready_user_stories_say_who_what_and_why",
        condition=~Q(state__in=READY_OR_LATER, kind=Kind.USER_STORY) | (~Q(actor="") & ~Q(need="") & ~Q(so_that="")),
    ),
    models.CheckConstraint(
        name="assignee_has_a_place_in_the_team",
        condition=Q(assignee=None, assignment=None) | Q(assignee__isnull=False, assignment__isnull=False),
    ),
]
INDEXES = [
    models.Index(fields=["team", "rank"], name="team_stories", condition=Q(rank__isnull=False)),
    models.Index(fields=["team", "state", "rank"], name="team_stories_by_state"),
    models.Index(fields=["team", "-done_at"], name="team_stories_done", condition=Q(done_at__isnull=False)),
    models.Index(fields=["assignee", "state"], name="stories_of_a_person", condition=Q(rank__isnull=False)),
    GinIndex(SEARCHED, name="story_search"),
]
