from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from backlog.listing import place_in_list
from backlog.models import Opportunity, Order, Story, StoryOrder, undoing
from backlog.programme_list import place_in_programme
from backlog.story_listing import place_in_list as place_of_story
from backlog.views.listing import query_string
from teams.access import for_team
from teams.models import Change, Conflict, Team
from teams.permissions import Can

# An order of several is the team's; what other apps can undo they undo themselves.
KINDS = [model._meta.label_lower for model in (Opportunity, Story, Team)]


@require_POST
@for_team(Can.RAISE)
def undo(request, team, pk):
    """Take back one change of an opportunity or a story, of the order, or of several things at once."""
    change = get_object_or_404(Change.objects.filter(team=team, kind__in=KINDS, undo__isnull=False), pk=pk)
    if not (change.who_id == request.user.pk or request.standing.may(Can.DECIDE)):
        raise PermissionDenied
    try:
        if change.kind == Story._meta.label_lower or "story_order" in change.undo:
            return redirect(_undo_stories(request, change, team))
        undone = _undo(change, team, request.user)
    except Conflict:
        return _too_late(request, team, change)
    except ValidationError as problem:
        return _too_late(request, team, change, problem.messages)
    if len(undone) > 1:
        _say_of_several(request, change, f"{len(undone)} opportunities")
        return redirect(_list_as_it_was(request, "opportunities", team))
    row = place_in_programme if request.GET.get("from") == "programme" else place_in_list
    return redirect(row(undone[0], done=Change.objects.about(undone[0]).first()))


def _too_late(request, team, change, why=()):
    return render(request, "backlog/undo_too_late.html", {"team": team, "change": change, "why": why}, status=409)


def _say_of_several(request, change, how_many):
    """A line of history tells of one thing, or of the order; this tells of all."""
    of = "" if change.kind == Team._meta.label_lower else f" for {how_many}"
    messages.success(request, f"Undone{of}: {undoing.of_several(change.words)}")


def _list_as_it_was(request, name, team):
    """With the filters above which the undo was offered."""
    query = query_string(request, without=("page", "at", "done", "from"))
    return f"{reverse(f'backlog:{name}', args=[team.slug])}?{query}".rstrip("?")


@transaction.atomic
def _undo(change, team, by) -> list:
    if not change.may_still_be_undone:
        raise Conflict(change)
    if "order" in change.undo:
        return Order.locked(team.programme_id).undo(change, by=by)
    return [_undo_one(one, by) for one in undoing.of_each(change)]


def _undo_one(change, by):
    opportunity = Opportunity.objects.select_related("team__programme").get(pk=change.thing_id)
    opportunity.undo(change, by=by)
    return opportunity


@transaction.atomic
def _undo_stories(request, change, team) -> str:
    """Where to go on: the row for a move, the story's page for anything else, the list for several."""
    if not change.may_still_be_undone:
        raise Conflict(change)
    if "story_order" in change.undo:
        done = StoryOrder.locked(team).undo(change, by=request.user)
        if done.kind != Story._meta.label_lower:
            _say_of_several(request, change, "stories")
            return _list_as_it_was(request, "stories", team)
        return place_of_story(Story.objects.select_related("team").get(pk=done.thing_id), done=done)
    lines = undoing.of_each(change)
    stories = Story.objects.select_related("team__programme").in_bulk([line.thing_id for line in lines])
    for line in lines:
        stories[line.thing_id].undo(line, by=request.user)
    if len(lines) == 1:
        messages.success(request, f"Undone: {change.words}")
        return stories[change.thing_id].get_absolute_url()
    _say_of_several(request, change, f"{len(lines)} stories")
    return _list_as_it_was(request, "stories", team)
