from uuid import uuid4

from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from backlog.models import Deputy, StoryOrder, undoing
from backlog.models.story_states import STEPS, StoryState
from backlog.story_picking import back_to_list, picked
from backlog.story_step_forms import StoryBulkForm
from teams.access import for_team
from teams.models import Conflict
from teams.permissions import Can

NEEDS = {"state": Can.WORK, "assign": Can.WORK, "size": Can.SET_SIZE, "top": Can.ORDER, "bottom": Can.ORDER}


@require_POST
@for_team(Can.WORK)
def bulk(request, team):
    """Change the selected stories together. What must be asked is asked on a page; one undo for all."""
    stories, act = picked(request, team), request.POST.get("act", "")
    if act not in NEEDS:
        raise BadRequest("Choose what to do with the stories")
    if not request.standing.may(NEEDS[act]):
        raise PermissionDenied

    states = _within_reach(stories, Deputy.objects.authority(request.user, team)) if act == "state" else []
    form = StoryBulkForm(request.POST if "go" in request.POST else None, act=act, team=team, states=states)
    if stories and form.is_valid():
        try:
            change = _carry_out(act, stories, form.cleaned_data, team, request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            form.add_error(None, "Somebody changed one of them just now. Look at the list and try again")
        else:
            return redirect(back_to_list(request, team, change))
    context = {"team": team, "stories": stories, "act": act, "form": form, "query": request.POST.get("query", "")}
    return render(request, "backlog/story_bulk.html", context, status=422 if form.errors else 200)


def _within_reach(stories, authority) -> list:
    """Where at least one of them can go; of the others the answer says why not."""
    now = {story.state for story in stories}
    found = {to for (start, to), step in STEPS.items() if start in now and step.open_to(authority)}
    return [state for state in StoryState if state in found]


@transaction.atomic
def _carry_out(act, stories, answers, team, by):
    """All or nothing. Returns the line of history that takes all of it back; None where there was nothing to do."""
    if act in ("top", "bottom"):
        return _move(act, stories, team, by)
    together, problems = str(uuid4()), []
    for story in stories:
        story.together = together
        try:
            _one(act, story, answers, by)
        except ValidationError as problem:
            problems += problem.messages
    if problems:
        raise ValidationError(problems)
    return undoing.newest(team, together)


def _one(act, story, answers, by):
    if act == "assign":
        story.assign(answers["assignee"], by=by)
    elif act == "size":
        story.resize(answers["points"], by=by)
    elif story.state != answers["to"]:
        asks = STEPS.get((story.state, answers["to"]))
        story.move_to(answers["to"], by=by, comment=answers["comment"] if asks and asks.asks else "")


def _move(act, stories, team, by):
    order = StoryOrder.locked(team)
    ranked = list(order.items().filter(pk__in=[one.pk for one in stories]).select_related("team__programme"))
    if len(ranked) < len(stories):
        raise ValidationError("Only stories that are open have a place in the order")
    others = order.items().exclude(pk__in=[one.pk for one in ranked])
    return order.move(ranked, before=others.first() if act == "top" else None, by=by)
