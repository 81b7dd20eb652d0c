"""Who is asked, the check before anybody reads, and sharing."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from research import playback_letters as letters
from research.access import for_invited
from research.playback_forms import ReviewersForm, ShareForm
from research.playback_privacy import problems
from research.views.playback import composing
from research.views.playback_items import page_of
from teams.models import Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def reviewers(request, playback):
    """Ask people. What is shared already is sent to them at once."""
    if before := Submission.answered(request.user, key_of(request)):
        return redirect(before)
    form = ReviewersForm(request.POST if request.method == "POST" else None, playback=playback)
    if form.is_valid():
        try:
            people = form.cleaned_data["people"]
            address = Submission.once(request.user, key_of(request), lambda: _ask(playback, people, request.user))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            when = "They have a letter" if playback.is_shared else "They get a letter when you share it"
            messages.success(request, f"{len(form.cleaned_data['people'])} more to answer. {when}")
            return redirect(address)
    context = page_of(playback) | {"form": form, "reviewers": answering(playback)}
    return render(request, "research/playback_reviewers.html", context, status=422 if form.errors else 200)


def answering(playback):
    """Who is asked, each with how far they are once there is an edition."""
    edition = playback.current_edition()
    return playback.reviewers.current().with_answers(edition)


@require_POST
@for_invited(Can.COMPOSE_PLAYBACK)
def stop_asking(request, playback, reviewer):
    if before := Submission.answered(request.user, key_of(request)):
        return redirect(before)
    found = get_object_or_404(playback.reviewers.current(), pk=reviewer)
    address = reverse("playbacks:reviewers", args=[playback.team.slug, playback.pk])
    try:
        stop = partial(playback.stop_asking, found, by=request.user)
        Submission.once(request.user, key_of(request), lambda: stop() or address)
    except ValidationError as problem:
        messages.error(request, problem.messages[0])
    else:
        messages.success(request, f"{found} is no longer asked, and can no longer open it")
    return redirect(address)


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def share(request, playback):
    """The check names each problem and where it is mended; then an edition is frozen and letters go."""
    try:
        if request.method == "POST":
            playback.hold()  # what is checked is what is frozen
        playback.refuse_if_closed()
    except ValidationError:
        return redirect(playback.get_absolute_url())
    found = problems(playback)
    form = ShareForm(request.POST if request.method == "POST" else None, problems=found)
    if form.is_valid():
        try:
            address = Submission.once(request.user, key_of(request), lambda: _share(playback, request.user))
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            form.add_error(None, "Somebody changed it meanwhile. Read it once more, then share it")
        else:
            messages.success(request, f"Edition {playback.edition} is shared. Everybody who is asked gets a letter")
            return redirect(address)
    context = page_of(playback) | {
        "form": form,
        "problems": found,
        "missing": playback.missing(),
        "reviewers": list(playback.reviewers.current().reachable()),
        "differs": playback.differs(),
    }
    return render(request, "research/playback_share.html", context, status=422 if form.errors else 200)


@transaction.atomic
def _share(playback, by):
    playback.share(by=by)
    letters.invite(playback, playback.reviewers.current(), by=by)
    return playback


@transaction.atomic
def _ask(playback, people, by):
    new = playback.ask(people, by=by)
    if playback.is_shared:
        letters.invite(playback, playback.reviewers.current().filter(user__in=new), by=by)
    return composing(playback)
