"""You said, we did: an outcome for each item, and a letter to everybody who was asked."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research import playback_letters as letters
from research.access import for_invited
from research.playback_page import reading
from research.response_forms import OutcomeForm
from research.views.playback_items import page_of
from teams.models import Conflict, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.CLOSE_PLAYBACK)
def close(request, playback):
    """One page for all items, with what each reviewer said beside the question."""
    if not playback.is_shared:
        return redirect(playback.get_absolute_url())
    context = reading(playback, playback.current_edition(), request.user)
    data = request.POST if request.method == "POST" else None
    lines = [(entry, OutcomeForm(data, item=entry.item, team=playback.team)) for entry in context["entries"]]
    problem = ""
    if data is not None and all([form.is_valid() for _, form in lines]):
        try:
            outcomes = [form.outcome() for _, form in lines]
            Submission.once(request.user, key_of(request), lambda: _close(playback, outcomes, request.user))
        except ValidationError as error:
            problem = error.messages[0]
        except Conflict:
            problem = "Somebody changed the playback meanwhile. Read it once more, then close it"
        else:
            messages.success(request, "The playback is closed. Everybody who was asked gets a letter")
            return redirect(playback.get_absolute_url())
    failed = bool(problem or any(form.errors for _, form in lines))
    context = page_of(playback) | {"lines": lines, "problem": problem, "failed": failed}
    context["back"] = playback.get_absolute_url()
    return render(request, "research/playback_close.html", context, status=422 if failed else 200)


@transaction.atomic
def _close(playback, outcomes, by):
    playback.close(outcomes, by=by)
    letters.closed(playback, by=by)
    return playback
