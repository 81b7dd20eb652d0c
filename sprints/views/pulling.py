from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backlog.story_picking import picked
from sprints.models import contents
from sprints.sprint_forms import PullForm
from teams.access import for_team
from teams.permissions import Can


@require_POST
@for_team(Can.PLAN_SPRINT)
def pull(request, team):
    """Take the stories selected in the backlog into a sprint that is planned or active; the page asks which."""
    stories = sorted(picked(request, team), key=lambda story: story.rank or "~")
    sprints = list(team.sprints.open())
    form = PullForm(request.POST if "go" in request.POST else None, sprints=sprints)
    if stories and form.is_valid():
        sprint = form.cleaned_data["sprint"]
        try:
            sprint.pull(stories, by=request.user, why=form.cleaned_data.get("why", ""))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{contents.listed(stories)} pulled in")
            return redirect("sprints:plan", team.slug, sprint.number)
    context = {"team": team, "stories": stories, "sprints": sprints, "form": form}
    return render(request, "sprints/pull.html", context, status=422 if form.errors else 200)
