"""One sprint: its board while it is active, what it kept once it is over."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from backlog.models import Story, StoryState
from sprints import board_page
from sprints.access import for_sprint
from sprints.burndown import ledger
from sprints.flow import COLUMNS
from sprints.models import Destination
from sprints.models.pull_undo import may_be_undone
from sprints.models.steps import steps_of
from teams.models import Change
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.READ)
def sprint(request, sprint):
    """The goal, the burndown and the board."""
    context = board_page.outline(sprint)
    if sprint.is_over:
        return render(request, "sprints/ended.html", context | _kept(sprint))
    if sprint.is_planned:
        cards = list(sprint.commitments.with_stories())
        points = sum(card.story.points or 0 for card in cards)
        return render(request, "sprints/planned.html", context | {"cards": cards, "points": points})
    context |= board_page.board(sprint, timezone.localdate())
    return render(request, "sprints/sprint.html", context | {"said": _said(request, context)})


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.READ)
def history(request, sprint):
    """Every step with the sums after it, so that each figure can be added up by hand."""
    changes = list(Change.objects.about(sprint)[:200])
    held = {*sprint.commitments.held().values_list("story_id", flat=True)}
    may = (request.user, request.standing, held)
    context = board_page.outline(sprint) | {
        "lines": ledger(steps_of(sprint)),
        "changes": changes,
        "undoable": [one for one in changes if may_be_undone(sprint, one, *may)],
    }
    return render(request, "sprints/history.html", context)


def _kept(sprint):
    """What the record says, whatever has become of the stories since."""
    steps = steps_of(sprint)
    lines = ledger(steps)
    sealed = [line for line in lines if line.step.at <= sprint.started_at] if lines else []
    return {
        "rows": list(sprint.commitments.at_the_end()),
        "state_names": dict(StoryState.choices),
        "destination_names": dict(Destination.choices),
        "lines": lines,
        "sealed": sealed[-1].scope if sealed else 0,
        "total": lines[-1] if lines else None,
        **board_page.figures(sprint, steps, timezone.localdate(sprint.closed_at)),
    }


def _said(request, context):
    """What a move without scripts has done: its address says which card, and where it came from."""
    was, above = request.GET.get("was", ""), request.GET.get("above", "")[:20]
    cards = [card for column in context["columns"] for card in column.cards]
    card = next((one for one in cards if one.reference == request.GET.get("moved")), None)
    if card is None or was not in COLUMNS:
        return None
    change = Change.objects.about(Story(pk=card.story_id)).first()
    change = change if change and str(change.pk) == request.GET.get("undo") else None
    [column] = [column.cards for column in context["columns"] if card in column.cards]
    return board_page.said(card, column.index(card) + 1, len(column), was, above, change)
