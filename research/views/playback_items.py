"""What a playback holds: picked, worded, put in order, taken out."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.models import ReviewSession
from research.access import for_invited
from research.models import Part
from research.models.finding import FindingKind
from research.models.playback_item import wording_of
from research.move_form import MoveItemForm
from research.playback_forms import ItemForm, NewItemForm, PickForm
from research.views.playback import composing
from teams.editing import edit as edit_thing
from teams.models import Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

MOST_REVIEWS = 20  # finished ones to choose from
PICKED = {"findings": Part.LEARNED, "opportunities": Part.OPPORTUNITY, "stories": Part.STORY}
WRITTEN = {"learned": Part.LEARNED, "made": Part.OUTPUT}


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def pick(request, playback, what):
    """Put in agreed findings, opportunities, or stories that are done."""
    part = known(PICKED, what)
    asked = request.GET.get("q", "")[:200]
    reviews = ReviewSession.objects.finished_of(playback.team)[:MOST_REVIEWS] if part == Part.OPPORTUNITY else []
    review = next((one for one in reviews if str(one.pk) == request.GET.get("review")), None)
    if before := Submission.answered(request.user, key_of(request)):
        return redirect(before)
    kind = request.GET.get("kind", "") if part == Part.LEARNED else ""
    kind = kind if kind in FindingKind.values else ""
    data = request.POST if request.method == "POST" else None
    form = PickForm(data, playback=playback, part=part, asked=asked, review=review, kind=kind)
    if form.is_valid():
        try:
            picked = partial(_picked, playback, part, request.user, form.cleaned_data["pick"])
            address = Submission.once(request.user, key_of(request), picked)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{len(form.cleaned_data['pick'])} put in. Check how each is worded")
            return redirect(address)
    context = page_of(playback) | {"form": form, "part": part, "what": what, "asked": asked}
    context |= {"reviews": reviews, "review": review, "kind": kind, "kinds": FindingKind.choices}
    return render(request, "research/playback_pick.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def write(request, playback, what):
    """Put in something that was learned or made, in the team's words."""
    part = known(WRITTEN, what)
    form = NewItemForm(request.POST if request.method == "POST" else None, part=part, team=playback.team)
    key = key_of(request)
    if form.is_valid():
        try:
            address = Submission.once(request.user, key, lambda: _written(playback, part, request.user, form))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"“{form.cleaned_data['headline']}” is put in")
            return redirect(address)
    context = page_of(playback) | {"form": form, "part": part, "key": key}
    return render(request, "research/playback_item.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def edit(request, playback, item):
    item = held(playback, item)
    has_kind = item.part == Part.LEARNED and not item.finding_id
    return edit_thing(
        request,
        item,
        lambda data, initial: ItemForm(data, part=item.part, initial=initial, has_kind=has_kind),
        context=page_of(playback) | {"item": item, "part": Part(item.part)},
        then=composing(playback),
        template="research/playback_item.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def move(request, playback, item):
    """Elsewhere in its part of the page: drag, keys, menu and this page all post here."""
    item = held(playback, item)
    form = MoveItemForm(request.POST if request.method == "POST" else None, item=item)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            before = item.move(answers["to"], by=request.user, place=answers["place"], other=answers["other"])
        except (ValidationError, Conflict) as problem:
            form.add_error(None, problem if isinstance(problem, ValidationError) else "Somebody moved it meanwhile")
        else:
            if request.htmx:
                return render(request, "research/_playback_moved.html", {"item": item, "before": before})
            messages.success(request, f"“{item}” is moved")
            return redirect(composing(playback))
    template = "backlog/_move_problem.html" if request.htmx and form.errors else "research/playback_move.html"
    status = 422 if form.errors else 200
    return render(request, template, page_of(playback) | {"item": item, "form": form}, status=status)


@require_POST
@for_invited(Can.COMPOSE_PLAYBACK)
def remove(request, playback, item):
    if before := Submission.answered(request.user, key_of(request)):
        return redirect(before)
    item = held(playback, item)
    address = composing(playback)
    try:
        Submission.once(request.user, key_of(request), lambda: item.remove(by=request.user) or address)
    except (ValidationError, Conflict):
        messages.error(request, f"“{item}” was not taken out: somebody changed the playback meanwhile")
    else:
        messages.success(request, f"“{item}” is taken out")
    return redirect(address)


def held(playback, pk):
    """One item of the draft; it knows its playback without being asked again."""
    item = get_object_or_404(playback.items.in_use(), pk=pk)
    item.playback = playback
    return item


def known(parts, what) -> Part:
    if what not in parts:
        raise Http404
    return parts[what]


def page_of(playback) -> dict:
    return {"playback": playback, "team": playback.team, "tab": "playbacks", "back": composing(playback)}


def _picked(playback, part, by, sources):
    for source in sources:
        playback.add_item(part, by=by, **wording_of(source))
    return composing(playback)


def _written(playback, part, by, form):
    facts = {name: value for name, value in form.cleaned_data.items() if name != "as_it_is"}
    playback.add_item(part, by=by, **facts)
    return composing(playback)
