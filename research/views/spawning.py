"""From an observation or a finding to a story, a bug or an opportunity, in two clicks."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research import spawn
from research.finding_forms import SpawnForm
from research.found import finding_of, observation_of, session_to_read
from teams.access import for_team
from teams.models import Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def from_finding(request, team, finding, what):
    finding = finding_of(team, finding)
    return _spawn(request, what, finding, finding.statement, spawn.from_finding, {"team": team, "finding": finding})


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RAISE)
def from_observation(request, team, session, observation, what):
    session = session_to_read(request, team, session)
    observation = observation_of(session, observation)
    context = {"team": team, "session": session, "observation": observation}
    return _spawn(request, what, observation, observation.text[:150], spawn.from_observation, context)


def _spawn(request, what, source, words, verb, context):
    if what not in spawn.KINDS:
        raise Http404
    form = SpawnForm(request.POST if request.method == "POST" else None, initial={"title": words})
    if form.is_valid():
        title = form.cleaned_data["title"]
        address = Submission.once(
            request.user, key_of(request), lambda: verb(source, what, title, by=request.user)
        )  # fmt: skip
        messages.success(request, f"The {spawn.KINDS[what]} is added. It remembers where it came from")
        return redirect(address)
    context |= {"form": form, "key": key_of(request), "what": spawn.KINDS[what]}
    return render(request, "research/spawn.html", context, status=422 if form.errors else 200)
