"""Who leads the services and who administers the programme."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_programme
from teams.forms import InviteToProgrammeForm
from teams.models import Invitation, ServiceLead
from teams.permissions import Can
from teams.views.people import say_again_or_take_back


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.MANAGE_PEOPLE)
def people(request, programme):
    context = {
        "programme": programme,
        "tab": "people",
        "teams": programme.teams.in_use().with_people_counted(),
        "services": programme.services.in_use().with_leads(),
        "admins": programme.admins.select_related("user").order_by("user__name", "pk"),
        "invitations": programme.invitations.waiting().outside_teams(),
    }
    return render(request, "teams/programme_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PEOPLE)
def invite(request, programme):
    """Ask in somebody who leads a service, or who helps to administer."""
    form = InviteToProgrammeForm(request.POST if request.method == "POST" else None, programme=programme)
    if form.is_valid():
        try:
            invitation = Invitation.objects.invite(programme, by=request.user, **form.cleaned_data)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, f"A letter is on its way to {invitation.email}")
            return redirect("teams:programme_people", programme.slug)
    context = {
        "programme": programme,
        "tab": "people",
        "form": form,
        "heading": "Invite a service lead or an administrator",
        "button": "Send the invitation",
        "back_to": "teams:programme_people",
    }
    return render(request, "teams/programme_form.html", context, status=422 if form.errors else 200)


@require_POST
@for_programme(Can.MANAGE_PEOPLE)
def remove_lead(request, programme, pk):
    return _remove(request, programme, get_object_or_404(ServiceLead.objects.of(programme), pk=pk))


@require_POST
@for_programme(Can.MANAGE_PEOPLE)
def remove_admin(request, programme, pk):
    return _remove(request, programme, get_object_or_404(programme.admins.select_related("user"), pk=pk))


@require_POST
@for_programme(Can.MANAGE_PEOPLE)
def answer_invitation(request, programme, pk, what):
    say_again_or_take_back(request, get_object_or_404(programme.invitations.waiting().outside_teams(), pk=pk), what)
    return redirect("teams:programme_people", programme.slug)


def _remove(request, programme, place):
    """The programme’s own page may be closed to somebody who just removed themselves; the start page is not."""
    try:
        place.leave(by=request.user)
    except ValidationError as problem:
        messages.warning(request, problem.message)
    else:
        messages.success(request, f"{place.user} is removed")
        if place.user == request.user:
            return redirect("/")
    return redirect("teams:programme_people", programme.slug)
