from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from backlog.models import Link, Opportunity, Story
from backlog.story_forms import LinkForm
from backlog.views.opportunity import opportunity_page
from backlog.views.story import story_page
from teams.access import for_thing
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_POST
@for_thing(Story, Can.WORK)
def add_to_story(request, story):
    return _add(request, story, story_page)


@require_POST
@for_thing(Opportunity, Can.RAISE, "stage", "scored_by", rows="with_names")
def add_to_opportunity(request, opportunity):
    return _add(request, opportunity, opportunity_page)


@require_POST
@for_thing(Story, Can.WORK)
def remove_from_story(request, story, pk):
    return _remove(request, story, pk)


@require_POST
@for_thing(Opportunity, Can.RAISE)
def remove_from_opportunity(request, opportunity, pk):
    return _remove(request, opportunity, pk)


def _add(request, thing, page):
    form = LinkForm(request.POST, programme=thing.programme_id, by=request.user)
    if not form.is_valid():
        return page(request, thing, link_form=form, status=422)

    def put_on():
        Link.objects.put_on(thing, **form.cleaned_data, by=request.user)
        return f"{thing.get_absolute_url()}#links"

    return redirect(Submission.once(request.user, key_of(request), put_on))


def _remove(request, thing, pk):
    get_object_or_404(thing.links, pk=pk).remove(by=request.user)
    return redirect(f"{thing.get_absolute_url()}#links")
