from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from backlog.story_picking import picked
from sprints.access import for_sprint
from sprints.models import contents, pull_undo
from sprints.sprint_forms import PullForm
from sprints.views.planning import plan_url
from teams.access import for_team
from teams.models import Change, Conflict
from teams.permissions import Can


@require_POST
@for_team(Can.PLAN_SPRINT)
def pull(request, team):
    """Take the stories selected in the backlog into a sprint that is planned or active; the page asks which."""
    stories = sorted(picked(request, team), key=lambda story: story.rank or "~")
    sprints = list(team.sprints.open().first_to_come())
    form = PullForm(request.POST if "go" in request.POST else None, sprints=sprints)
    if stories and form.is_valid():
        sprint = form.cleaned_data["sprint"]
        try:
            change = sprint.pull(stories, by=request.user, why=form.cleaned_data.get("why", ""))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(plan_url(sprint, done=change))
    context = {"team": team, "stories": stories, "sprints": sprints, "form": form}
    return render(request, "sprints/pull.html", context, status=422 if form.errors else 200)


@require_POST
@for_sprint(Can.PLAN_SPRINT)
def undo(request, sprint, pk):
    """What one pull took in leaves again: for whoever pulled, or the product owner."""
    change = get_object_or_404(Change.objects.about(sprint).filter(undo__isnull=False), pk=pk)
    if not (change.who_id == request.user.pk or request.standing.may(Can.DECIDE)):
        raise PermissionDenied
    try:
        stories = pull_undo.undo(sprint, change, by=request.user)
    except Conflict:
        return render(request, "sprints/undo_too_late.html", {"team": sprint.team, "change": change}, status=409)
    messages.success(request, f"{contents.listed(stories)} taken out again")
    return redirect(plan_url(sprint))
