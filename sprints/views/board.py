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
from sprints.sprint_forms import CardForm
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.READ)
def news(request, sprint):
    """Asked every two seconds: nothing, or the columns that are not as they were seen."""
    if not sprint.is_active:
        return HttpResponseClientRefresh()
    blockers = board_page.blockers_of(sprint)
    now = board_page.seen_of(sprint, list(sprint.commitments.rows()), blockers)
    differs = board_page.news(request.GET.get("seen", ""), now)
    if not differs:
        return HttpResponse(status=204)
    context = board_page.outline(sprint) | board_page.board(sprint, timezone.localdate(), blockers)
    return render(request, "sprints/_news.html", context | {"differs": differs})


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.MOVE_STORY)
def move_card(request, sprint, reference):
    """Put a card into a column and a place: drag, keys, menu and this page all post here."""
    card = get_object_or_404(sprint.commitments.held().select_related("story"), reference=reference)
    initial = {"to": card.story.state, "where": "bottom", "seen": card.story.state}
    form = CardForm(request.POST if request.method == "POST" else None, initial=initial)
    context, status = board_page.outline(sprint) | {"card": card, "form": form}, 200
    if form.is_valid():
        try:
            return _moved(request, sprint, card, form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            status = 409
            context["change"] = _both(card, form)
    status = 422 if form.errors else status
    template = "sprints/_card_problem.html" if request.htmx and status != 200 else "sprints/move_card.html"
    return render(request, template, context, status=status)


def _moved(request, sprint, card, given):
    change = _to_undo(request, card, given.pop("undo"))
    blockers = board_page.blockers_of(sprint)
    seen = request.POST.get("board", "")
    is_up_to_date = seen == board_page.seen_of(sprint, list(sprint.commitments.rows()), blockers)
    moved = move(sprint, card.reference, given.pop("to"), by=request.user, undo=change, **given)
    if not request.htmx:
        said = {"moved": card.reference, "was": moved.was, "above": moved.was_above}
        if moved.change:
            said["undo"] = moved.change.pk
        return redirect(f"{sprint.get_absolute_url()}?{urlencode(said)}#card-{card.pk}")
    rows = list(sprint.commitments.rows())
    context = board_page.outline(sprint) | {
        "moved": moved,
        "card": moved.card,
        "blockers": blockers,
        "ages": board_page.ages(blockers, timezone.localdate()),
        "said": board_page.said(moved.card, rows, moved.was, moved.was_above, moved.change),
        "seen": board_page.seen_of(sprint, rows, blockers) if is_up_to_date else seen,
        "sums": [(state, *board_page.sums(rows, state)) for state in moved.columns],
    }
    return render(request, "sprints/_card_moved.html", context)


def _to_undo(request, card, key):
    """The line of history to take back, where the person may."""
    if not key:
        return None
    change = get_object_or_404(Change.objects.about(card.story), pk=key)
    if not card.story.may_be_undone_by(request.user, request.standing, change):
        raise Conflict(card.story)
    return change


def _both(card, form):
    """Where the card is now, and who put it there; the form keeps what was wanted."""
    card.story.refresh_from_db()
    form.data = form.data.copy()
    form.data["seen"], form.data["undo"] = card.story.state, ""
    return Change.objects.about(card.story).first()
