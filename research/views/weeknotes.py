"""A weeknote: drafted from a sprint, read and edited by a person, and only then taken away."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from backlog.exports import download_name
from research.models import Weeknote
from research.playback_privacy import sure_problems
from research.weeknote_draft import drafted
from research.weeknote_forms import WeeknoteForm
from sprints.access import for_sprint
from teams.editing import edit
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_sprint(Can.COMPOSE_PLAYBACK)
def weeknote(request, sprint):
    """The form, or the way to begin while there is none."""
    found = Weeknote.objects.of(sprint)
    context = {"team": sprint.team, "tab": "sprint", "sprint": sprint, "weeknote": found}
    if found is None:
        if request.method == "POST":
            raise Http404
        return render(request, "research/weeknote_begin.html", context)
    context["problems"] = list(sure_problems(found.as_text(), found.team_id))
    return edit(
        request,
        found,
        lambda data, initial: WeeknoteForm(data, initial=initial),
        context=context,
        then=found.get_absolute_url(),
        template="research/weeknote.html",
    )


@require_POST
@for_sprint(Can.COMPOSE_PLAYBACK)
def begin(request, sprint):
    return redirect(Weeknote.objects.begin(sprint, by=request.user, **drafted(sprint)))


@require_http_methods(["GET", "HEAD"])
@for_sprint(Can.COMPOSE_PLAYBACK)
def text(request, sprint):
    """To be pasted elsewhere. Not before somebody has read it, and not while a participant could be told from it."""
    found = Weeknote.objects.of(sprint)
    if found is None:
        raise Http404
    if not found.read_at or any(sure_problems(found.as_text(), found.team_id)):
        messages.error(request, "Read it, mend what the check finds and save it. Then you can take it away")
        return redirect(found)
    response = HttpResponse(found.as_text(), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{download_name(found.team, "weeknote")}.txt"'
    return response
