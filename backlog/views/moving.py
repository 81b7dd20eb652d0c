from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.forms import MoveForm
from backlog.listing import place_in_list
from backlog.models import Opportunity, Order, places
from backlog.programme_list import place_in_programme
from teams.access import for_team, for_thing
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Opportunity, Can.ORDER)
def move(request, opportunity):
    """Put one opportunity elsewhere in its team's list: drag, keys, menu and this page all post here."""
    answers = request.POST if request.method == "POST" else None
    form = MoveForm(answers, team=opportunity.team)
    if form.is_valid():
        try:
            moved = _move(opportunity, form.cleaned_data, request.user, everywhere=_from_programme(request))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            if request.htmx:
                return render(request, "backlog/_moved.html", moved)
            return redirect(_row_in_list(request)(opportunity, done=moved["change"]))

    context = {"opportunity": opportunity, "team": opportunity.team, "form": form}
    context["back"] = _row_in_list(request)(opportunity)
    template = "backlog/_move_problem.html" if request.htmx and form.errors else "backlog/move.html"
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.ORDER)
def sort_by_score(request, team):
    """Forget the moves of this team's items: first shown, then done, and undoable."""
    if request.method == "POST":
        with transaction.atomic():
            change = Order.locked(team.programme_id).sort_by_score(team, by=request.user)
        return redirect("backlog:opportunities", team.slug) if change is None else _sorted(team, change)

    order = Order(programme_id=team.programme_id)
    context = {"team": team, "changes": order.preview_sort(team)}
    return render(request, "backlog/sort.html", context)


def _row_in_list(request):
    """Back to the list the person came from: the programme's, or the team's."""
    return place_in_programme if _from_programme(request) else place_in_list


def _from_programme(request):
    return request.GET.get("from") == "programme"


def _sorted(team, change):
    response = redirect("backlog:opportunities", team.slug)
    response["Location"] += f"?done={change.pk}"
    return response


def _move(opportunity, answers, by, *, everywhere):
    order = Order.locked(opportunity.programme_id)
    if not order.holds(opportunity):
        raise ValidationError("Only opportunities that are taken forward have a place in the order")
    old = opportunity.rank
    where = {"place": answers["place"], "reference": answers["other"], "everywhere": everywhere}
    before = order.neighbour(opportunity, answers["to"], **where)
    change = order.move([opportunity], before=before, by=by)
    change.was, change.now = places.places_at([old, opportunity.rank], opportunity)
    return {
        "opportunity": opportunity,
        "team": opportunity.team,
        "before": before,
        "change": change,
    }
