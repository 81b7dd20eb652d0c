from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_programme
from teams.editing import edit
from teams.forms import ProgrammeForm
from teams.models import Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.SEE_PROGRAMME)
def programme(request, programme):
    """Its teams and their phases, its services and who leads them, its themes."""
    context = {
        "programme": programme,
        "teams": list(
            programme.teams.in_use().with_phase().with_membership_of(request.user).select_related("lead_service")
        ),
        "services": programme.services.in_use().with_leads(),
        "themes": programme.themes.in_use(),
        "tab": "programme",
    }
    return render(request, "teams/programme.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def settings(request, programme):
    context = {
        "programme": programme,
        "teams": programme.teams.archived(),
        "services": programme.services.all(),
        "themes": programme.themes.all(),
        "tab": "settings",
    }
    return edit(
        request,
        programme,
        ProgrammeForm,
        context=context,
        then="teams:programme_settings",
        then_args=[programme.slug],
        template="teams/programme_settings.html",
    )


@require_POST
@for_programme(Can.MANAGE_PROGRAMME)
def archive(request, programme):
    """Put the programme away, or bring it back."""
    put_away_or_bring_back(request, programme)
    return redirect("teams:programme_settings", programme.slug)


def put_away_or_bring_back(request, thing):
    """What the button said decides, not what the thing is now: two people may press it at once."""
    verb, done = (thing.restore, "restored") if request.POST.get("restore") else (thing.archive, "archived")
    try:
        verb(by=request.user)
    except ValidationError as problem:
        messages.warning(request, problem.message)
    except Conflict:
        messages.warning(request, f"Somebody changed {thing} at the same moment. Nothing of yours was saved: try again")
    else:
        messages.success(request, f"{thing} is {done}")
