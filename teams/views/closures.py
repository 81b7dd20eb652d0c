from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_team
from teams.forms import ClosureForm
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_TEAM)
def add(request, team):
    """Days on which the whole team does not work."""
    form = ClosureForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            closure = team.close(**form.cleaned_data, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{team} is closed {closure}")
            return redirect("teams:team_settings", team.slug)
    context = {"team": team, "form": form, "heading": "Add days the team is closed", "button": "Add them"}
    return render(request, "teams/team_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_team(Can.MANAGE_TEAM)
def remove(request, team, pk):
    closure = get_object_or_404(team.closures, pk=pk)
    closure.reopen(by=request.user)
    messages.success(request, f"{team} is no longer closed {closure}")
    return redirect("teams:team_settings", team.slug)
