from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from backlog.forms import BulkForm
from backlog.models import Order, undoing
from backlog.views.listing import query_string
from teams.access import for_team
from teams.models import Conflict
from teams.permissions import Can

AT_ONCE = 100
NEEDS = {
    "theme": Can.RAISE,
    "stage": Can.RAISE,
    "ready": Can.RAISE,
    "top": Can.ORDER,
    "bottom": Can.ORDER,
    "park": Can.DECIDE,
}


@require_POST
@for_team(Can.RAISE)
def bulk(request, team):
    """Change the selected opportunities together. What must be asked is asked on a page; one undo for all."""
    act = request.POST.get("act", "")
    picked = request.POST.getlist("pick")[: AT_ONCE + 1]
    if act not in NEEDS or len(picked) > AT_ONCE:
        raise BadRequest(f"Select up to {AT_ONCE} opportunities and choose what to do with them")
    if not request.standing.may(NEEDS[act]):
        raise PermissionDenied

    items = list(
        team.opportunities.filter(reference__in=picked).select_related("team__programme").order_by("rank", "number")
    )
    form = BulkForm(request.POST if "go" in request.POST else None, act=act, team=team)
    if items and form.is_valid():
        try:
            change = _carry_out(act, items, form.cleaned_data, team, request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            form.add_error(None, "Somebody changed one of them just now. Look at the list and try again")
        else:
            return _done(request, team, change)
    context = {"team": team, "items": items, "act": act, "form": form, "back": _list_as_it_was(request, team)}
    return render(request, "backlog/bulk.html", context, status=422 if form.errors else 200)


def _done(request, team, change):
    if change is None:
        messages.success(request, "They are like that already, so nothing was changed")
    return redirect(_list_as_it_was(request, team, change))


def _list_as_it_was(request, team, change=None):
    """With the filters that the person had set when they selected; it says what was changed."""
    query = [query_string(request, without=("page", "at", "done")), f"done={change.pk}" if change else ""]
    return f"{reverse('backlog:opportunities', args=[team.slug])}?{'&'.join(filter(None, query))}".rstrip("?")


@transaction.atomic
def _carry_out(act, items, answers, team, by):
    """All or nothing; one undo for all of them."""
    if act in ("top", "bottom"):
        return _move(act, items, team, by)
    together, problems = str(uuid4()), []
    for one in items:
        one.together = together
        try:
            _one(act, one, answers, by)
        except ValidationError as problem:
            problems += problem.messages
    if problems:
        raise ValidationError(problems)
    return undoing.newest(team, together)


def _one(act, opportunity, answers, by):
    if act == "theme":
        opportunity.add_theme(answers["theme"], by=by)
    elif act == "stage":
        opportunity.edit(stage=answers["stage"], by=by)
    elif act == "ready":
        opportunity.mark_ready(by=by)
    else:
        opportunity.park(answers["reason"], answers["until"], by=by)


def _move(act, items, team, by):
    order = Order.locked(team.programme_id)
    ranked = list(order.items().filter(pk__in=[one.pk for one in items]).select_related("team__programme"))
    if len(ranked) < len(items):
        without = ", ".join(one.reference for one in items if one not in ranked)
        raise ValidationError(f"Only opportunities that are taken forward have a place in the order: not {without}")
    others = order.items().filter(team=team).exclude(pk__in=[one.pk for one in ranked])
    before = others.first() if act == "top" else order.item_after(others.last(), *ranked)
    return order.move(ranked, before=before, by=by)
