"""Taking data away: at a participant's wish, or because its time is over."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research import erasure
from research.found import round_of, session_of
from teams.access import for_team
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.ERASE)
def withdraw(request, team, session):
    """Asked first, because nothing brings it back."""
    session = session_of(team, session)
    context = {"team": team, "round": session.round, "session": session, "problem": ""}
    if request.method == "POST":
        try:
            erasure.withdraw(session, by=request.user, also=request.POST.getlist("take"))
        except ValidationError as problem:
            context["problem"] = problem.messages[0]
        else:
            messages.success(request, f"The data of {session.code} is deleted, and everything is counted again")
            return redirect(session.round)
    context |= {
        "findings": session.findings.standing().select_related("team"),
        "came": [*session.stories.order_by("number"), *session.opportunities.order_by("number")],
        "places": [] if session.is_erased else erasure.to_be_checked(session, by=request.user),
    }
    return render(request, "research/withdraw.html", context, status=422 if context["problem"] else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.ERASE)
def erase(request, team, round):
    """The data of a whole round, before its time."""
    round_ = round_of(team, round)
    context = {"team": team, "round": round_, "problem": ""}
    if request.method == "POST":
        try:
            erasure.erase_round(round_, by=request.user)
        except ValidationError as problem:
            context["problem"] = problem.messages[0]
        else:
            messages.success(request, f"The data of {round_} is deleted. What was learned stays")
            return redirect(round_)
    context["drafts"] = round_.findings.filter(state="draft").count()
    return render(request, "research/erase_round.html", context, status=422 if context["problem"] else 200)
