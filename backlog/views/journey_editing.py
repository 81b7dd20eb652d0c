"""The pages that change a journey: its name, its stages and what people come into contact with at each."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from backlog.journey_forms import (
    JourneyForm,
    NewJourneyForm,
    NewStageForm,
    NewTouchpointForm,
    PlaceForm,
    StageForm,
    TouchpointForm,
)
from backlog.models import Journey
from backlog.models.stage import with_map
from backlog.views.journey import found
from teams.access import for_team
from teams.editing import edit
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can
from teams.views.programme import put_away_or_bring_back

FORM = "backlog/journey_form.html"


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def add(request, team):
    """A journey without stages. Sending the same form twice makes one."""
    form = NewJourneyForm(request.POST if request.method == "POST" else None)

    def make():
        journey = Journey.objects.add(team, by=request.user, **form.cleaned_data)
        return _editing(team, journey.slug)

    context = {"team": team, "heading": "Add a journey", "button": "Add the journey"}
    return _add(request, form, make, context, back=reverse("backlog:journeys", args=[team.slug]))


@require_http_methods(["GET", "HEAD"])
@for_team(Can.EDIT_JOURNEY)
def overview(request, team, journey):
    """Everything of a journey that can be changed, in the order of the map."""
    journey = found(team, journey, with_map(team.journeys))
    return render(request, "backlog/journey_edit.html", {"team": team, "journey": journey})


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def name(request, team, journey):
    journey = found(team, journey)
    return _edit(request, journey, journey, JourneyForm, f"Rename {journey}")


@require_POST
@for_team(Can.EDIT_JOURNEY)
def archive(request, team, journey):
    """Put it away, or bring it back: the button says which."""
    journey = found(team, journey)
    put_away_or_bring_back(request, journey)
    return redirect("backlog:journeys", team.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def add_stage(request, team, journey):
    journey = found(team, journey)
    form = NewStageForm(request.POST if request.method == "POST" else None)

    def make():
        return _editing(team, journey.slug, journey.add_stage(form.cleaned_data["name"], by=request.user))

    context = {"team": team, "heading": "Add a stage", "button": "Add the stage"}
    context["before"] = f"It becomes the last stage of {journey}; you can move it afterwards"
    return _add(request, form, make, context, back=_editing(team, journey.slug))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def stage(request, team, journey, stage):
    journey, stage = _stage(team, journey, stage)
    return _edit(request, journey, stage, StageForm, f"Rename the stage {stage}", at=stage)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def move_stage(request, team, journey, stage):
    journey, stage = _stage(team, journey, stage)
    form = _place_form(request, stage, journey.stages.all())
    move = partial(journey.move_stage, stage, by=request.user)
    return _move(request, journey, stage, form, move, at=stage)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def remove_stage(request, team, journey, stage):
    """First what becomes of its opportunities and touchpoints, then the removal."""
    journey, stage = _stage(team, journey, stage)
    if request.method == "POST":
        return _removed(request, journey, stage, partial(journey.remove_stage, stage, by=request.user))
    context = {
        "team": team,
        "journey": journey,
        "stage": stage,
        "left": stage.opportunities.count(),
        "touchpoints": stage.touchpoints.count(),
    }
    return render(request, "backlog/stage_remove.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def add_touchpoint(request, team, journey, stage):
    journey, stage = _stage(team, journey, stage)
    form = NewTouchpointForm(request.POST if request.method == "POST" else None, programme=team.programme)

    def make():
        stage.add_touchpoint(by=request.user, **form.cleaned_data)
        return _editing(team, journey.slug, stage)

    context = {"team": team, "heading": f"Add a touchpoint to {stage}", "button": "Add the touchpoint"}
    return _add(request, form, make, context, back=_editing(team, journey.slug, stage))


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def touchpoint(request, team, journey, stage, touchpoint):
    journey, stage, touchpoint = _touchpoint(team, journey, stage, touchpoint)

    def make_form(data, initial):
        linked = list(touchpoint.services.values_list("pk", flat=True))  # each time: they may change meanwhile
        return TouchpointForm(data, initial=initial | {"services": linked}, programme=team.programme, linked=linked)

    return _edit(request, journey, touchpoint, make_form, f"Edit {touchpoint}", at=stage)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def move_touchpoint(request, team, journey, stage, touchpoint):
    journey, stage, touchpoint = _touchpoint(team, journey, stage, touchpoint)
    form = _place_form(request, touchpoint, stage.touchpoints.all())
    move = partial(stage.move_touchpoint, touchpoint, by=request.user)
    return _move(request, journey, touchpoint, form, move, at=stage)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.EDIT_JOURNEY)
def remove_touchpoint(request, team, journey, stage, touchpoint):
    journey, stage, touchpoint = _touchpoint(team, journey, stage, touchpoint)
    if request.method == "POST":
        remove = partial(stage.remove_touchpoint, touchpoint, by=request.user)
        return _removed(request, journey, touchpoint, remove, at=stage)
    context = {"team": team, "journey": journey, "stage": stage, "touchpoint": touchpoint}
    return render(request, "backlog/touchpoint_remove.html", context)


# --- What is named in the address


def _stage(team, journey, stage):
    journey = found(team, journey)
    stage = get_object_or_404(journey.stages, pk=stage)
    stage.journey = journey
    return journey, stage


def _touchpoint(team, journey, stage, touchpoint):
    journey, stage = _stage(team, journey, stage)
    touchpoint = get_object_or_404(stage.touchpoints, pk=touchpoint)
    touchpoint.stage = stage
    return journey, stage, touchpoint


def _editing(team, journey, stage=None) -> str:
    """The address of the page that all of these come from and go back to, at its stage."""
    path = reverse("backlog:journey_edit", args=[team.slug, journey])
    return f"{path}#stage-{stage.pk}" if stage else path


# --- What they have in common


def _add(request, form, make, context, *, back):
    """Make the thing once and say so. `make` returns the address to go on to."""
    key = key_of(request)
    if form.is_valid():
        try:
            address = Submission.once(request.user, key, make)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{form.cleaned_data['name']} is added")
            return redirect(address)
    context |= {"form": form, "key": key, "back": back}
    return render(request, FORM, context, status=422 if form.errors else 200)


def _edit(request, journey, thing, make_form, heading, *, at=None):
    back = _editing(journey.team, journey.slug, at)
    context = {"team": journey.team, "heading": heading, "button": "Save", "back": back}
    return edit(request, thing, make_form, context=context, then=back, template=FORM)


def _place_form(request, thing, row):
    return PlaceForm(request.POST if request.method == "POST" else None, thing=thing, row=list(row))


def _move(request, journey, thing, form, move, *, at):
    back = _editing(journey.team, journey.slug, at)
    if form.is_valid():
        was = thing.position
        try:
            move(form.cleaned_data["to"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{thing} is now number {thing.position}, was {was}")
            return redirect(back)
    context = {"team": journey.team, "form": form, "heading": f"Move {thing}", "button": "Move it", "back": back}
    return render(request, FORM, context, status=422 if form.errors else 200)


def _removed(request, journey, thing, remove, *, at=None):
    try:
        left = remove()
    except ValidationError as problem:
        messages.warning(request, problem.message)
    else:
        messages.success(request, f"{thing} is removed{_without_stage(left)}")
    return redirect(_editing(journey.team, journey.slug, at))


def _without_stage(left):
    if not left:
        return ""
    return f". {left} opportunities now have no stage" if left > 1 else ". 1 opportunity now has no stage"
