"""Starting, closing and cancelling a sprint. Each asks first and says what it will do."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sprints.access import for_sprint
from sprints.board_page import outline
from sprints.models import contents
from sprints.sprint_forms import CancelForm, CloseForm
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.PLAN_SPRINT)
def start(request, sprint):
    """Seal the list and begin."""
    if not sprint.is_planned:
        return redirect(sprint)
    stories = list(contents.stories_of(sprint))
    problems = sprint.not_ready(stories)
    if request.method == "POST":
        try:
            sprint.start(by=request.user)
        except ValidationError as problem:
            problems = problem.messages
        else:
            messages.success(request, f"{sprint} has started.")
            return redirect(sprint)
    context = outline(sprint) | {"count": len(stories), "points": sum(one.points or 0 for one in stories)}
    status = 422 if request.method == "POST" else 200
    return render(request, "sprints/start.html", context | {"problems": problems}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.PLAN_SPRINT)
def close(request, sprint):
    """Judge the goal and send every unfinished story somewhere."""
    if not sprint.is_active:
        return redirect(sprint)
    stories = list(contents.stories_of(sprint).in_order())
    unfinished = [story for story in stories if story.is_open]
    form = CloseForm(request.POST if request.method == "POST" else None, unfinished=unfinished)
    if form.is_valid():
        given = form.cleaned_data
        try:
            sprint.close(given["goal_result"], given["goal_note"], form.destinations(), by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{sprint} is closed. Its figures stay as they are now.")
            return redirect(sprint)
    context = outline(sprint) | {
        "form": form,
        "done": [story for story in stories if story.state == "done"],
        "next": sprint.team.sprints.planned().first(),
    }
    return render(request, "sprints/close.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.CANCEL_SPRINT)
def cancel(request, sprint):
    """Give the sprint up, for a reason."""
    if sprint.is_over:
        return redirect(sprint)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sprint.cancel(form.cleaned_data["reason"], by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{sprint} is cancelled.")
            return redirect(sprint)
    context = outline(sprint) | {"form": form}
    return render(request, "sprints/cancel.html", context, status=422 if form.errors else 200)
