from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research.access import for_playbacks
from research.models import Playback
from research.playback_forms import NewPlaybackForm, suggested_day
from sprints.models import Sprint
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

MOST = 100


@require_http_methods(["GET", "HEAD"])
@for_playbacks
def playbacks(request, team, theirs):
    """Every playback the person may read, newest first."""
    context = {
        "team": team,
        "tab": "playbacks",
        "playbacks": theirs.newest_first().with_counts()[:MOST],
        "may_compose": request.standing.may(Can.COMPOSE_PLAYBACK),
    }
    return render(request, "research/playbacks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.COMPOSE_PLAYBACK)
def new(request, team):
    """Begin one. Sending the same form twice makes one."""
    form = NewPlaybackForm(request.POST if request.method == "POST" else None, initial=suggestions(team))
    key = key_of(request)
    if form.is_valid():
        address = Submission.once(
            request.user, key, lambda: Playback.objects.compose(team, by=request.user, **form.cleaned_data)
        )
        messages.success(request, "The playback is a draft. Put in what you play back")
        review = request.GET.get("review", "")
        return redirect(f"{address}pick/opportunities/?review={review}" if review.isdecimal() else address)
    context = {"team": team, "tab": "playbacks", "form": form, "key": key}
    return render(request, "research/playback_new.html", context, status=422 if form.errors else 200)


def suggestions(team) -> dict:
    """The goal of the sprint that runs, and five working days."""
    sprint = Sprint.objects.active_in(team)
    return {"goal": sprint.goal if sprint else "", "reply_by": suggested_day(team)}
