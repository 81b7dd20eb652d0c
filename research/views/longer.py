"""Keeping data longer than the programme does: the researcher asks, an administrator answers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research.consent_forms import LongerForm
from research.found import round_of
from research.models import Longer
from research.reminders import tell_administrators
from teams.access import for_team
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def ask(request, team, round):
    round_ = round_of(team, round)
    form = LongerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            asked = Longer.objects.ask(round_, **form.cleaned_data, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            tell_administrators(asked)
            messages.success(
                request, "The administrators of the programme are asked. Until they answer nothing changes"
            )
            return redirect(round_)
    context = {"team": team, "round": round_, "form": form, "latest": round_.latest_delete_by()}
    return render(request, "research/longer.html", context, status=422 if form.errors else 200)
