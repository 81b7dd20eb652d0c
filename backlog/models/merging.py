"""Two opportunities that are one: the evidence of the first goes to the second, and comes back. Call these in a
transaction."""

from django.core.exceptions import ValidationError

from .states import State


def merge(opportunity, target, *, by):
    _check(opportunity, target)
    # The order first, then both rows by their ids: no two moves or merges can wait for each other for ever.
    opportunity.order()
    locked = type(opportunity).objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
    list(locked.filter(pk__in=[opportunity.pk, target.pk]))
    target.refresh_from_db()
    people = opportunity.evidence
    stories = list(opportunity.stories.values_list("pk", flat=True))
    opportunity.become(
        State.MERGED,
        f"merged it into {target.reference}",
        by=by,
        merged_into=target,
        evidence=0,
        undo_also={"moved_people": people, "moved_stories": stories},
    )
    opportunity.stories.update(opportunity=target)
    # Undone from this side alone, so that nobody is counted twice or not at all.
    words = f"took in {opportunity.reference} and its evidence"
    target.change(words, by=by, remember=False, evidence=target.evidence + people)


def give_back(opportunity, kept, *, by):
    """What it took along, as the line of history `kept` it."""
    found = type(opportunity).objects.select_related("team__programme", "merged_into")
    target = found.get(pk=opportunity.merged_into_id)
    if target.merged_into:
        raise ValidationError(
            f"{target.reference} was itself merged into {target.merged_into.reference} since. Undo that first"
        )
    words = f"gave the evidence of {opportunity.reference} back"
    target.change(words, by=by, remember=False, evidence=max(target.evidence - kept["moved_people"], 0))
    target.stories.filter(pk__in=kept.get("moved_stories", [])).update(opportunity=opportunity)


def _check(opportunity, target):
    if target is None or target.pk == opportunity.pk or target.programme_id != opportunity.programme_id:
        raise ValidationError("Choose another opportunity of this programme to merge into")
    if target.state == State.MERGED:
        raise ValidationError(f"{target.reference} is itself merged; choose the one it was merged into")
    if target.team.archived_at:
        raise ValidationError(f"{target.reference} belongs to {target.team}, which is archived; choose another")
