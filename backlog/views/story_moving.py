from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.models import Story, StoryOrder
from backlog.story_listing import place_in_list
from backlog.story_step_forms import StoryMoveForm
from teams.access import for_thing
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Story, Can.ORDER)
def move(request, story):
    """Put one story elsewhere in its team's order: drag, keys, menu and this page all post here."""
    form = StoryMoveForm(request.POST if request.method == "POST" else None, team=story.team)
    if form.is_valid():
        try:
            moved = _move(story, form.cleaned_data, request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            if request.htmx:
                return render(request, "backlog/_story_moved.html", moved)
            return redirect(place_in_list(story, done=moved["change"]))

    context = {"story": story, "team": story.team, "form": form, "back": place_in_list(story)}
    template = "backlog/_move_problem.html" if request.htmx and form.errors else "backlog/story_move.html"
    return render(request, template, context, status=422 if form.errors else 200)


@transaction.atomic
def _move(story, answers, by):
    order = StoryOrder.locked(story.team)
    story.refresh_from_db(fields=["rank", "state"])
    if story.rank is None:
        raise ValidationError(f"{story.reference} is “{story.get_state_display()}”, so it has no place in the order")
    was = order.place_of(story)
    before = order.neighbour(story, answers["to"], place=answers["place"], reference=answers["other"])
    change = order.move([story], before=before, by=by)
    change.was, change.now = was, order.place_of(story)
    return {
        "story": story,
        "team": story.team,
        "before": before,
        "change": change,
    }
