from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.models import Story
from backlog.split_form import PartsForm
from backlog.story_listing import place_in_list
from backlog.views.story_steps import changed_meanwhile
from teams.access import for_thing
from teams.editing import written
from teams.models import Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Story, Can.WORK)
def split(request, story):
    """Make several smaller stories of one, each with its share of the criteria."""
    form = PartsForm(request.POST if request.method == "POST" else None, story=story)
    if form.is_valid():
        story.version = form.cleaned_data["version"] or story.version

        def make():
            return place_in_list(story.split(form.parts(), by=request.user)[0])

        try:
            address = Submission.once(request.user, key_of(request), make)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return changed_meanwhile(request, story, written(form))
        else:
            messages.success(request, f"{story.reference} is split into {len(form.parts())} stories")
            return redirect(address)
    context = {"story": story, "team": story.team, "form": form, "key": key_of(request)}
    return render(request, "backlog/story_split.html", context, status=422 if form.errors else 200)
