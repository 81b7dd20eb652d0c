"""Planning a sprint: its words and dates, and what it takes on."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from backlog.views.listing import done
from sprints.access import for_sprint
from sprints.board_page import outline
from sprints.models import contents
from sprints.planning import capacity, velocity_of
from sprints.sprint_forms import ActiveSprintForm, ScopeForm, SprintForm
from teams import editing
from teams.permissions import Can

LISTED = 100
LONGEST = 200


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.PLAN_SPRINT)
def plan(request, sprint):
    """The story backlog on the left, the sprint on the right; singly or several at once."""
    form = ScopeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return _change_scope(request, sprint, form)
        except ValidationError as problem:
            form.add_error(None, problem)
    return _plan_page(request, sprint, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.PLAN_SPRINT)
def edit(request, sprint):
    """Its goal and show and tell, and while it is planned its dates."""
    return editing.edit(
        request,
        sprint,
        ActiveSprintForm if sprint.is_active else SprintForm,
        context={"sprint": sprint, "team": sprint.team},
        template="sprints/edit.html",
        then="sprints:sprint",
        then_args=[sprint.team.slug, sprint.number],
    )


def _change_scope(request, sprint, form):
    references = form.references()
    stories = list(sprint.team.stories.filter(reference__in=references[:LISTED]))
    if not stories:
        raise ValidationError("Select at least one story")
    stories.sort(key=lambda story: references.index(story.reference))
    why = form.cleaned_data["why"]
    if form.cleaned_data["act"] == "pull":
        return redirect(plan_url(sprint, done=sprint.pull(stories, by=request.user, why=why)))
    sprint.take_out(stories, by=request.user, why=why)
    messages.success(request, f"{contents.listed(stories)} taken out.")
    return redirect(plan_url(sprint))


def plan_url(sprint, *, done=None) -> str:
    """Its plan, saying what was just done."""
    return reverse("sprints:plan", args=[sprint.team.slug, sprint.number]) + (f"?done={done.pk}" if done else "")


def _plan_page(request, sprint, form):
    text = request.GET.get("q", "").strip()[:LONGEST]
    free = contents.free_stories(sprint)
    if text:
        free = free.matching(text)
    rows = list(free.select_related("assignee", "opportunity")[: LISTED + 1])
    cards = list(sprint.commitments.held().with_stories())
    context = outline(sprint) | {
        "form": form,
        "done": done(request, kind=sprint._meta.label_lower, thing_id=sprint.pk),
        "q": text,
        "rows": rows[:LISTED],
        "more": len(rows) > LISTED,
        "cards": cards,
        "points": sum(card.story.points or 0 for card in cards),
        "capacity": capacity(sprint),
        "velocity": velocity_of(sprint.team.sprints.closed().without_records()[:3]),
        "problems": [] if sprint.is_active else sprint.not_ready([card.story for card in cards]),
    }
    return render(request, "sprints/plan.html", context, status=422 if form.errors else 200)
