"""Several smaller stories in the place of one, and one again. Call these in a transaction."""

from django.core.exceptions import ValidationError

from backlog.fractional import spread

from . import story_steps
from .story_states import SPLITTABLE, StoryState

INHERITED = [  # by what a story is split into
    "kind",
    "actor",
    "need",
    "so_that",
    "description",
    "channel",
    "user_group",
    "access_needs",
    "assisted_digital",
    "opportunity",
    "assignee",
]


def split(story, parts, *, by) -> list:
    """(title, points, which criteria) for each part.

    They take the story's words, its parent and where it came from, and stand where it stood; it is itself not done,
    for it has become them.
    """
    if story.state not in SPLITTABLE:
        raise ValidationError(f"{story.reference} is “{story.get_state_display()}”, so it can no longer be split")
    if len(parts) < 2:
        raise ValidationError("Enter at least two titles. A story that is split becomes several")
    story.order()
    story.lock()
    made = type(story).objects.add_many(story.team, [_draft(story, *part) for part in parts], by=by)
    for one, key in zip(made, spread(len(made), story.rank, _rank_behind(story, made)), strict=True):
        one.rank = key
    type(story).objects.bulk_update(made, ["rank"])
    for one in made:
        one.record(f"made it by splitting {story.reference}", by=by)
    became = story_steps.listed([one.reference for one in made])
    versions = {str(one.pk): one.version for one in made}
    story_steps.write(
        story,
        StoryState.WONT_DO,
        f"split it into {became}",
        by=by,
        comment=f"Split into {became}",
        undo_also={"parts": versions},
    )
    return made


def take_back(story, versions, *, by):
    """Its parts won't be done. Raises ValidationError when somebody has worked on one: that would be lost."""
    rows = type(story).objects.select_for_update(no_key=True, of=("self",)).select_related("team__programme")
    parts = list(rows.filter(pk__in=versions).order_by("pk"))
    if changed := [one.reference for one in parts if one.version != versions[str(one.pk)]]:
        raise ValidationError(
            f"{story_steps.listed(changed)} {'was' if len(changed) == 1 else 'were'} changed since the split, so it is "
            f"not undone. Decide of each part what becomes of it, and add what {story.reference} still lacks anew"
        )
    for one in parts:
        words = f"{story.reference} is one story again"
        story_steps.write(one, StoryState.WONT_DO, f"took it back: {words}", by=by, comment=words)


def _draft(story, title, points, criteria):
    shared = {name: getattr(story, name) for name in INHERITED}
    source = story.source or f"Split from {story.reference}"
    return {**shared, "source": source, "title": title, "points": points, "criteria": criteria}


def _rank_behind(story, but):
    behind = type(story).objects.filter(team=story.team, rank__gt=story.rank).exclude(pk__in=[one.pk for one in but])
    return behind.order_by("rank").values_list("rank", flat=True).first()
