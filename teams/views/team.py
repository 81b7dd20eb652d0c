from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from teams import calendar
from teams.access import for_programme, for_team
from teams.editing import edit
from teams.forms import NewTeamForm, PhaseForm, TeamForm
from teams.models import Absence, Submission, Team
from teams.models.idempotency import key_of
from teams.permissions import Can
from teams.views.programme import put_away_or_bring_back

WEEKS = 4


@require_http_methods(["GET", "HEAD"])
@for_team(Can.SEE_TEAM)
def team(request, team):
    """Who is in it, where it stands, which days it works, what happened last."""
    changes = team.changes.all() if request.standing.may(Can.READ) else team.changes.of_settings()
    context = {
        "team": team,
        "tab": "team",
        "members": team.memberships.current().by_name(),
        "phases": team.phase_changes.all(),
        "weeks": _working_weeks(team),
        "away": Absence.objects.to_come().in_team(team).before_long(WEEKS),
        "changes": changes.told_lately(8),
    }
    return render(request, "teams/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PROGRAMME)
def add(request, programme):
    """A new team. Sending the same form twice makes one."""
    form = NewTeamForm(request.POST if request.method == "POST" else None, programme=programme)
    key = key_of(request)
    if form.is_valid():
        make = partial(Team.objects.add, programme, by=request.user, **form.cleaned_data)
        try:
            address = Submission.once(request.user, key, make)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(address)
    context = {"programme": programme, "form": form, "heading": "Add a team", "button": "Add the team", "key": key}
    return render(request, "teams/programme_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_TEAM)
def settings(request, team):
    return edit(
        request,
        team,
        partial(TeamForm, programme=team.programme),
        context={"team": team, "tab": "team", "closures": team.closures.all()},
        then="teams:team_settings",
        then_args=[team.slug],
        template="teams/team_settings.html",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_TEAM)
def phase(request, team):
    """Enter the next phase, or correct the dates of this one."""
    latest = team.phase_changes.first()
    dates = {"started_on": latest.started_on, "target_end_on": latest.target_end_on} if latest else {}
    form = PhaseForm(request.POST if request.method == "POST" else None, initial={"phase": team.phase, **dates})
    if form.is_valid():
        try:
            team.set_phase(**form.cleaned_data, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"{team} is in {team.get_phase_display()}")
            return redirect(team)
    context = {"team": team, "form": form, "heading": "Phase and dates", "button": "Save", "back_to": "teams:team"}
    return render(request, "teams/team_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_team(Can.MANAGE_PROGRAMME)
def archive(request, team):
    """Put the team away, or bring it back. Its pages stay readable."""
    put_away_or_bring_back(request, team)
    return redirect("teams:programme_settings", team.programme.slug)


def _working_weeks(team):
    """For each day of the next weeks: the date, and why the team does not work then."""
    closures = list(team.closures.all())

    def why_closed(day):
        closed = next((one.reason for one in closures if one.starts_on <= day <= one.ends_on), "")
        return calendar.bank_holiday_name(team.division, day) or closed

    weeks = calendar.weeks_from(timezone.localdate(), WEEKS)
    return [[(day, why_closed(day)) for day in week] for week in weeks]
