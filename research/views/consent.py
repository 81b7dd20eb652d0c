from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from research.consent_forms import ConsentForm
from research.found import session_of
from teams.access import for_team
from teams.models import Change, Conflict
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.RUN_RESEARCH)
def record(request, team, session):
    """What the participant agreed to, when and how. Nothing is written down before."""
    session = session_of(team, session)
    form = ConsentForm(request.POST if request.method == "POST" else None, initial=_saved(session))
    if form.is_valid():
        session.version = form.cleaned_data["version"]
        try:
            session.record_consent(**form.answers(), by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        except Conflict:
            return _page(request, _with_both(form, team, session), session_of(team, session.pk), status=409)
        else:
            messages.success(request, f"Consent of {session.code}: {session.get_consent_display().lower()}")
            return redirect(session)
    return _page(request, form, session, status=422 if form.errors else 200)


def _page(request, form, session, status):
    context = {"team": session.round.team, "round": session.round, "session": session, "form": form}
    context["change"] = Change.objects.about(session).first() if status == 409 else None
    return render(request, "research/consent.html", context, status=status)


def _saved(session) -> dict:
    saved = {
        "status": session.consent,
        "how": session.consent_how,
        "scopes": session.consent_scopes,
        "sheet": session.consent_sheet or session.round.sheet_version,
        "kept": session.consent_kept,
        "version": session.version,
    }
    return saved | ({"on": session.consent_on} if session.consent_on else {})


def _with_both(form, team, session):
    """What was chosen stays in the form, now upon what somebody else saved."""
    form.data = form.data.copy()
    form.data["version"] = session_of(team, session.pk).version
    return form
