from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backlog.models import Story
from backlog.story_forms import LinkForm
from backlog.views.story import story_page
from teams.access import for_thing
from teams.permissions import Can


@require_POST
@for_thing(Story, Can.WORK)
def add_link(request, story):
    form = LinkForm(request.POST, story=story)
    if not form.is_valid():
        return story_page(request, story, link_form=form, status=422)
    story.add_link(**form.cleaned_data, by=request.user)
    return redirect(f"{story.get_absolute_url()}#links")


@require_POST
@for_thing(Story, Can.WORK)
def remove_link(request, story, pk):
    story.remove_link(get_object_or_404(story.links, pk=pk), by=request.user)
    return redirect(f"{story.get_absolute_url()}#links")
