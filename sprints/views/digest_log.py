"""What went when, and to whom; and the button for a letter that nobody knows of whether it arrived."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from sprints.digest_forms import BeforeForm
from sprints.models import DigestRun
from sprints.readers import may_still_read
from sprints.telling import DIGESTS
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can

A_PAGE = 10


@require_http_methods(["GET", "HEAD"])
@for_team(Can.READ)
def log(request, team):
    form = BeforeForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    runs = team.digest_runs.newest_first()
    found = list((runs.before(before) if before else runs)[: A_PAGE + 1])
    context = {
        "team": team,
        "tab": "blockers",
        "runs": DigestRun.objects.with_letters(found[:A_PAGE]),
        "older": found[A_PAGE - 1].on if len(found) > A_PAGE else None,
    }
    return render(request, "sprints/digest_log.html", context)


@require_POST
@for_team(Can.SEND_DIGEST)
def send_again(request, team, letter):
    """Somebody would rather have it twice than not at all."""
    letter = get_object_or_404(team.letters.filter(kind__in=DIGESTS), pk=letter)
    if letter.user and not may_still_read(letter.user, team):
        messages.error(request, f"{letter.user} has left, so the letter is not sent again")
        return redirect("sprints:digest_log", team.slug)
    try:
        Submission.once(request.user, key_of(request), lambda: _sent_again(letter, team, by=request.user))
    except ValidationError as problem:
        messages.error(request, problem.message)
    else:
        messages.success(request, f"The letter to {letter.user or letter.to} is on its way again")
    return redirect("sprints:digest_log", team.slug)


def _sent_again(letter, team, *, by) -> str:
    letter.send_again()
    team.record(f"sent the letter “{letter.subject}” to {letter.user or letter.to} again", by=by)
    return reverse("sprints:digest_log", args=[team.slug])
