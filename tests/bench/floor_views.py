from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from backlog.models import Opportunity
from sprints.models import Commitment
from teams.models import Change, Team

SHOWN = [
    *("reference", "title", "evidence", "must_do", "state", "value", "size", "rank", "moved", "created_at"),
    *("team__name", "stage__name", "scored_by__name"),
]
CARD = ["rank", "points", "story__reference", "story__title", "story__state", "story__points", "story__assignee__name"]
ROWS = Opportunity.objects.select_related("team", "stage", "scored_by").only(*SHOWN)


def empty(request):
    """(a) The session is not touched."""
    return HttpResponse("<!DOCTYPE html><title>Empty</title>" + "<p>Nothing.</p>" * 15)


def rows(request, team):
    """(c) Fifty rows after a key: session, person, team, rows."""
    assert request.user.is_authenticated
    team = Team.objects.get(slug=team)
    shown = ROWS.filter(team=team, rank__gt=request.GET["after"]).order_by("rank")[:50]
    return render(request, "rows.html", {"team": team, "rows": shown})


def board(request, team):
    """The cards of a sprint in one query, complete."""
    assert request.user.is_authenticated
    team = Team.objects.get(slug=team)
    cards = Commitment.objects.filter(team=team, held=True).select_related("story__assignee").only(*CARD)
    return render(request, "board.html", {"team": team, "cards": cards.order_by("rank")})


@transaction.atomic
def change(request, reference):
    """(d2) Lock a row, change it, write its history, show it."""
    row = ROWS.select_for_update(of=("self",)).get(reference=reference)
    row.value, row.scored_at = int(request.POST["value"]), timezone.now()
    row.save(update_fields=["value", "scored_at"])
    Change.objects.create(
        who=request.user, who_name=request.user.name, kind="floor", thing_id=row.pk, label=row.title, words="scored"
    )
    return render(request, "row.html", {"row": row})


urlpatterns = [
    path("empty/", empty),
    path("rows/<team>/", rows),
    path("board/<team>/", board),
    path("change/<reference>/", change),
]
