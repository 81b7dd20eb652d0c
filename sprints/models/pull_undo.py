"""How a pull into a sprint is taken back: what came in leaves, each story in the state it came in."""

from django.db import transaction
from django.utils import timezone

from teams.models import Change, Conflict
from teams.permissions import Can

from . import contents


def may_be_undone(sprint, change, user, standing, held) -> bool:
    """By whoever pulled or the product owner, for seven days, until the sprint starts or ends or lets one of them go.

    `held` are the stories that stand in it, by their ids.
    """
    return (
        change.may_still_be_undone
        and change.undo["state"] == sprint.state
        and held.issuperset(map(int, change.undo["pulled"]))
        and standing.may(Can.PLAN_SPRINT)
        and (change.who_id == user.pk or standing.may(Can.DECIDE))
    )


@transaction.atomic
def undo(sprint, change, *, by) -> list:
    """Returns the stories. Raises Conflict when the sprint has gone on since, or one of them was changed or taken
    out."""
    sprint.hold()
    change = Change.objects.select_for_update(no_key=True, of=("self",)).get(pk=change.pk)
    stories = _as_pulled(sprint, change)
    contents.leave(sprint, stories, by=by, why="Undone")
    for story in stories:
        if story.pk in change.undo["made_ready"]:
            story.undo(Change.objects.about(story).get(undo__version=story.version), by=by)
    change.undone_at = timezone.now()
    change.save(update_fields=["undone_at"])
    sprint.record_change(f"undid {change.in_quotes}", by=by)
    return stories


def _as_pulled(sprint, change) -> list:
    """What it took in, held; in the order of their numbers."""
    if not change.may_still_be_undone or sprint.state != change.undo["state"]:
        raise Conflict(sprint)
    was = change.undo["pulled"]
    stories = contents.hold(sprint.team.stories.filter(pk__in=was).order_by("number"))
    there = sprint.commitments.held().filter(story__in=stories).count()
    if there != len(was) or any(story.version != was[str(story.pk)] for story in stories):
        raise Conflict(sprint)
    return stories
