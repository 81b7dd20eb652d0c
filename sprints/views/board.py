"""Cards move here, and screens ask here what is new."""

from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRefresh

from sprints import board_page
from sprints.access import for_sprint
from sprints.models.board import move
from sprints.models.board_sums import Sum, sums_of
from sprints.models.card import Card
from sprints.sprint_forms import CardForm
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.READ)
def news(request, sprint):
    """Asked every two seconds: nothing, or the columns that are not as they were seen."""
    if not sprint.is_active:
        return HttpResponseClientRefresh()
    sums = sums_of(sprint)
    differs = board_page.news(request.GET.get("seen", ""), board_page.seen_of(sprint, sums))
    if not differs:
        return HttpResponse(status=204)
    today, context = timezone.localdate(), board_page.outline(sprint)
    context |= board_page.board(sprint, today) if "head" in differs else board_page.part(sprint, today, sums, differs)
    return render(request, "sprints/_news.html", context | {"differs": differs})


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.MOVE_STORY)
def move_card(request, sprint, reference):
    """Put a card into a column and a place: drag, keys, menu and this page all post here."""
    form = CardForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            return _moved(request, sprint, reference, form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            status = 409
    card = get_object_or_404(sprint.commitments.held().select_related("story"), reference=reference)
    form.initial = {"to": card.story.state, "where": "bottom", "seen": card.story.state}
    context = board_page.outline(sprint) | {"card": card, "form": form}
    if status == 409:
        context["change"] = _both(card, form)
    status = 422 if form.errors else status
    template = "sprints/_card_problem.html" if request.htmx and status != 200 else "sprints/move_card.html"
    return render(request, template, context, status=status)


def _moved(request, sprint, reference, given):
    change = _to_undo(request, sprint, reference, given.pop("undo"))
    moved = move(sprint, reference, given.pop("to"), by=request.user, undo=change, **given)
    if not request.htmx:
        said = {"moved": reference, "was": moved.was, "above": moved.was_above}
        if moved.change:
            said["undo"] = moved.change.pk
        return redirect(f"{sprint.get_absolute_url()}?{urlencode(said)}#card-{moved.card.pk}")
    return render(request, "sprints/_card_moved.html", _answer(sprint, moved, request.POST.get("board", "")))


def _answer(sprint, moved, seen) -> dict:
    """The card, the sums of its columns, and what the screen has seen now: all, if it had seen all before the move."""
    column = moved.after[moved.story.state]
    card = Card.of(moved.card)
    had_seen_all = seen == board_page.seen_of(sprint, moved.before)
    return {
        "sprint": sprint,
        "team": sprint.team,
        "moved": moved,
        "card": card,
        "said": board_page.said(card, column.down_to, column.cards, moved.was, moved.was_above, moved.change),
        "seen": board_page.seen_of(sprint, moved.after) if had_seen_all else seen,
        "sums": [(state, moved.after.get(state, Sum())) for state in moved.columns],
        **board_page.stopped_on(sprint, timezone.localdate(), [column], [moved.story]),
    }


def _to_undo(request, sprint, reference, key):
    """The line of history to take back, where the person may."""
    if not key:
        return None
    card = get_object_or_404(sprint.commitments.held().select_related("story"), reference=reference)
    change = get_object_or_404(Change.objects.about(card.story), pk=key)
    if not card.story.may_be_undone_by(request.user, request.standing, change):
        raise Conflict(card.story)
    return change


def _both(card, form):
    """Where the card is now, and who put it there; the form keeps what was wanted."""
    form.data = form.data.copy()
    form.data["seen"], form.data["undo"] = card.story.state, ""
    return Change.objects.about(card.story).first()
