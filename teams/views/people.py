"""Who is in a team."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from teams.access import for_team
from teams.editing import both_texts, facts_of
from teams.forms import HandOverForm, InviteToTeamForm, MembershipForm
from teams.models import Absence, Conflict, Invitation, Submission
from teams.models.idempotency import key_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_team(Can.SEE_TEAM)
def people(request, team):
    context = {
        "team": team,
        "tab": "people",
        "members": list(team.memberships.current().by_name()),
        "away": Absence.objects.to_come().in_team(team),
        "former": team.memberships.former().by_name(),
        "invitations": team.invitations.waiting().with_letters() if request.standing.may(Can.MANAGE_PEOPLE) else [],
    }
    return render(request, "teams/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_PEOPLE)
def invite(request, team):
    """Ask somebody in, by a letter."""
    form = InviteToTeamForm(request.POST if request.method == "POST" else None)
    address = reverse("teams:people", args=[team.slug])
    if form.is_valid() and invite_once(request, form, address, team.programme, team=team):
        return redirect(address)
    context = {
        "team": team,
        "tab": "people",
        "form": form,
        "heading": "Invite somebody",
        "button": "Send the invitation",
        "key": key_of(request),
    }
    context["back_to"] = "teams:people"
    return render(request, "teams/team_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_PEOPLE)
def member(request, team, pk):
    """Give somebody another role or discipline. When somebody else did meanwhile, both answers are shown."""
    membership = get_object_or_404(team.memberships.current().select_related("user", "team"), pk=pk)
    make_form = partial(MembershipForm, membership=membership)
    form = make_form(request.POST if request.method == "POST" else None, initial=facts_of(membership))
    context = {"heading": f"{membership.user} in {team}", "button": "Save"}
    done = f"{membership.user}’s place in {team} is saved"

    def change(version, **answers):
        membership.version = version
        membership.change(**answers)

    try:
        return _answer(request, membership, form, change, context, done)
    except Conflict:
        saved = get_object_or_404(team.memberships.current(), pk=pk)
        context |= both_texts(saved, form, make_form(None, initial=facts_of(saved))) | _of_the_page(membership, form)
        return render(request, "teams/team_form.html", context, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@for_team(Can.MANAGE_PEOPLE)
def remove(request, team, pk):
    """Out of the team. What the person wrote and decided keeps their name."""
    membership = get_object_or_404(team.memberships.current().select_related("user", "team"), pk=pk)
    form = HandOverForm(request.POST if request.method == "POST" else None, membership=membership)
    context = {
        "heading": f"Remove {membership.user} from {team}?",
        "button": "Remove from the team",
        "before": f"{membership.user} can no longer open the team’s pages. "
        "What they wrote and decided stays under their name",
    }
    return _answer(request, membership, form, membership.leave, context, f"{membership.user} is out of {team}")


@require_POST
@for_team(Can.MANAGE_PEOPLE)
def answer_invitation(request, team, pk, what):
    invitation = get_object_or_404(team.invitations, pk=pk)
    return say_again_or_take_back(request, invitation, what, reverse("teams:people", args=[team.slug]))


def invite_once(request, form, address, programme, **where) -> bool:
    """Whether the letter is on its way. A second click is answered like the first and sends none."""
    given = form.cleaned_data | where
    try:
        Submission.once(request.user, key_of(request), lambda: _invited(request, address, programme, **given))
    except ValidationError as problem:
        form.add_error(None, problem)
        return False
    messages.success(request, f"A letter is on its way to {given['email']}")
    return True


def say_again_or_take_back(request, invitation, what, address):
    verbs = {"send-again": invitation.send_again, "take-back": invitation.revoke}
    done = {
        "send-again": f"A new letter is on its way to {invitation.email}. The old link no longer works",
        "take-back": f"{invitation.name}’s invitation is taken back",
    }
    if what not in verbs:
        raise Http404
    try:
        Submission.once(request.user, key_of(request), lambda: verbs[what](by=request.user) or address)
    except ValidationError as problem:
        messages.warning(request, problem.message)
    else:
        messages.success(request, done[what])
    return redirect(address)


def _invited(request, address, programme, **given):
    Invitation.objects.invite(programme, by=request.user, **given)
    return address


def _answer(request, membership, form, verb, context, done):
    if form.is_valid():
        try:
            verb(**form.cleaned_data, by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, done)
            return redirect("teams:people", membership.team.slug)
    context |= _of_the_page(membership, form)
    return render(request, "teams/team_form.html", context, status=422 if form.errors else 200)


def _of_the_page(membership, form) -> dict:
    return {"team": membership.team, "tab": "people", "form": form, "back_to": "teams:people"}
