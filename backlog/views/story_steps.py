from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.models import Definitions, Story
from backlog.models.story_states import STEPS
from backlog.story_step_forms import AssignForm, StepForm
from teams.access import for_thing
from teams.editing import written
from teams.models import Change, Conflict
from teams.permissions import Can

QUEUE, DECISION = "queue", "decision"  # where on the page of the sign-off something was pressed


@require_http_methods(["GET", "HEAD", "POST"])
@for_thing(Story, Can.WORK)
def step(request, story):
    """Take it from one state to another: the buttons of its page, the sign-off queue and this page post here."""
    authority = story.authority_of(request.user)
    _refuse_what_is_not_theirs(request, story, authority)
    data = request.POST if request.method == "POST" else None
    form = StepForm(data, story=story, steps=story.steps(authority), to=request.GET.get("to", ""))
    if form.is_valid():
        to, comment = form.cleaned_data["to"], form.cleaned_data["comment"]
        story.version = form.cleaned_data["version"] or story.version
        try:
            if request.POST.get("from") == DECISION:
                _tick_as_sent(request, story)
            story.move_to(to, by=request.user, comment=comment)
        except ValidationError as problem:
            form.add_error("comment" if _asks(story, to) and not comment else None, problem)
        except Conflict:
            return changed_meanwhile(request, story, written(form))
        else:
            messages.success(request, f"{story.reference} is now “{story.get_state_display()}”")
            return redirect(*_back(request, story))
    if "to" in form.errors and form.was_made_for_an_older(story):  # no mistake of theirs: somebody was quicker
        return changed_meanwhile(request, story, written(form))
    context = {"story": story, "team": story.team, "form": form, "definitions": Definitions.objects.of(story.team)}
    return render(request, "backlog/story_step.html", context, status=422 if form.errors else 200)


@require_POST
@for_thing(Story, Can.WORK)
def tick(request, story):
    """Tick and untick its criteria: of those the person saw, the ones they changed, so nobody else's tick is lost."""
    try:
        _tick_as_sent(request, story)
    except ValidationError as problem:
        return render(request, "backlog/story_not_now.html", _refused(story, problem), status=422)
    if not request.htmx:
        return redirect(*_back(request, story))
    place = request.POST.get("from")
    context = {"story": story, "team": story.team, "criteria": list(story.criteria.all())}
    context |= {"queued": place in (QUEUE, DECISION), "decides": place == DECISION}
    return render(request, "backlog/_criteria.html", context)


@transaction.atomic
def _tick_as_sent(request, story):
    want, was = (set(request.POST.getlist(name)) for name in ("ticked", "was"))
    for criterion in story.criteria.all():
        done = str(criterion.pk) in want
        if done != (str(criterion.pk) in was):
            story.tick(criterion, by=request.user, done=done)


@require_POST
@for_thing(Story, Can.WORK)
def assign(request, story):
    """Give it to somebody of the team, or to nobody."""
    form = AssignForm(request.POST, story=story)
    if not form.is_valid():
        problem = ValidationError("Choose somebody of the team")
        return render(request, "backlog/story_not_now.html", _refused(story, problem), status=422)
    story.version = form.cleaned_data["version"] or story.version
    try:
        story.assign(form.cleaned_data["assignee"], by=request.user)
    except ValidationError as problem:
        return render(request, "backlog/story_not_now.html", _refused(story, problem), status=422)
    except Conflict:
        return changed_meanwhile(request, story)
    messages.success(request, f"{story.reference} is assigned to {story.assignee or 'nobody'}")
    return redirect(story)


def changed_meanwhile(request, story, yours=()):
    theirs = Story.objects.select_related("team__programme").get(pk=story.pk)
    change = Change.objects.about(theirs).first()
    context = {"story": theirs, "team": theirs.team, "change": change, "yours": yours}
    return render(request, "backlog/story_changed_meanwhile.html", context, status=409)


def _refuse_what_is_not_theirs(request, story, authority):
    """A step that takes the product owner or a deputy is 403 for everybody else, as behind any other door."""
    step = STEPS.get((story.state, request.POST.get("to", "")))
    if step and not step.open_to(authority):
        raise PermissionDenied


def _asks(story, to):
    return STEPS[story.state, to].asks


def _back(request, story):
    """To the queue, where somebody is working through it; otherwise to the story."""
    return ("backlog:sign_off", story.team.slug) if request.POST.get("from") in (QUEUE, DECISION) else (story,)


def _refused(story, problem):
    return {"story": story, "team": story.team, "problem": problem.messages[0]}
