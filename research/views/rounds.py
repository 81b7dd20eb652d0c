from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research.forms import RoundForm
from research.models import Round
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def rounds(request, team):
    """The team's research: its rounds, and what was learned in them."""
    context = {
        "team": team,
        "rounds": team.rounds.with_counts(),
        "findings": team.findings.agreed().select_related("round").most_people_first()[:10],
        "finding_count": team.findings.standing().count(),
    }
    return render(request, "research/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def add(request, team):
    """Plan a round. Sending the same form twice makes one."""
    form = RoundForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            address = Submission.once(
                request.user, key_of(request), lambda: Round.objects.add(team, by=request.user, **form.facts())
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is planned. Now plan its sessions")
            return redirect(address)
    context = {"team": team, "form": form, "key": key_of(request), "heading": "Plan a round of research"}
    return render(request, "research/round_form.html", context, status=422 if form.errors else 200)
