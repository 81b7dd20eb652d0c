from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from backlog.models import Definitions, Deputy
from backlog.sign_off_forms import DefinitionsForm, DeputyForm
from teams.access import for_team
from teams.editing import edit
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

MOST_SHOWN = 50


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def sign_off(request, team):
    """What waits to be accepted or returned, longest first, and what was decided lately."""
    waiting = team.stories.waiting_for_sign_off().select_related("assignee", "opportunity")
    context = {
        "team": team,
        "waiting": waiting.prefetch_related("criteria")[:MOST_SHOWN],
        "decided": team.story_moves.decisions().select_related("story")[:20],
        "authority": Deputy.objects.authority(request.user, team),
        "definitions": Definitions.objects.of(team),
        "deputies": Deputy.objects.of_team(team).to_come(),
    }
    return render(request, "backlog/sign_off.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.SIGN_OFF)
def deputies(request, team):
    """Name somebody who may sign off, from one day to another."""
    form = DeputyForm(request.POST if request.method == "POST" else None, team=team)
    if form.is_valid():
        try:
            return redirect(Submission.once(request.user, key_of(request), lambda: _appointed(request, team, form)))
        except ValidationError as problem:
            form.add_error(None, problem)
    context = {"team": team, "form": form, "deputies": Deputy.objects.of_team(team).to_come()}
    return render(request, "backlog/deputies.html", context, status=422 if form.errors else 200)


def _appointed(request, team, form):
    deputy = Deputy.objects.appoint(**form.cleaned_data, by=request.user)
    messages.success(request, f"{deputy.membership.user} may sign off {deputy}")
    return reverse("backlog:deputies", args=[team.slug])


@require_POST
@for_team(Can.SIGN_OFF)
def dismiss_deputy(request, team, pk):
    deputy = get_object_or_404(Deputy.objects.of_team(team), pk=pk)
    deputy.dismiss(by=request.user)
    messages.success(request, f"{deputy.membership.user} no longer signs off {deputy}")
    return redirect("backlog:deputies", team.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.DEFINE)
def definitions(request, team):
    """The team's Definition of Ready and of Done."""
    rows = Definitions.objects
    return edit(
        request,
        rows.kept(team) if request.method == "POST" else rows.of(team),
        DefinitionsForm,
        context={"team": team, "tab": "stories", "heading": "When is a story ready, and when is it done?"},
        then="backlog:definitions",
        then_args=[team.slug],
        template="backlog/definitions.html",
    )
