"""Who leads the services and who administers the programme."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_programme
from teams.forms import InviteToProgrammeForm
from teams.models import ServiceLead
from teams.models.idempotency import key_of
from teams.permissions import Can
from teams.views.people import invite_once, say_again_or_take_back


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.MANAGE_PEOPLE)
def people(request, programme):
    context = {
        "programme": programme,
        "tab": "people",
        "teams": programme.teams.in_use().with_people_counted(),
        "services": programme.services.in_use().with_leads(),
        "admins": programme.admins.select_related("user").order_by("user__name", "pk"),
        "invitations": programme.invitations.waiting().outside_teams().with_letters(),
    }
    return render(request, "teams/programme_people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_programme(Can.MANAGE_PEOPLE)
def invite(request, programme):
    """Ask in somebody who leads a service, or who helps to administer."""
    form = InviteToProgrammeForm(request.POST if request.method == "POST" else None, programme=programme)
    address = reverse("teams:programme_people", args=[programme.slug])
    if form.is_valid() and invite_once(request, form, address, programme):
        return redirect(address)
    context = {
        "programme": programme,
        "tab": "people",
        "form": form,
        "heading": "Invite a service lead or an administrator",
        "button": "Send the invitation",
        "back_to": "teams:programme_people",
        "key": key_of(request),
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
    invitation = get_object_or_404(programme.invitations.outside_teams(), pk=pk)
    address = reverse("teams:programme_people", args=[programme.slug])
    return say_again_or_take_back(request, invitation, what, address)


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
