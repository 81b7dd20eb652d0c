from allauth.account.utils import perform_login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from teams.access import public
from teams.account_forms import NewcomerForm
from teams.models import Invitation


@require_http_methods(["GET", "HEAD"])
@public
def open_letter(request, token):
    """Move the secret out of the address, so that neither history nor a Referer header carries it on (P9)."""
    if not Invitation.objects.with_token(token):
        return gone(request)
    request.session["invitation"] = token
    return redirect("invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@public
def invitation(request):
    invitation = Invitation.objects.with_token(request.session.get("invitation", ""))
    if not invitation:
        return gone(request)
    if request.user.is_authenticated:
        return accept(request, invitation)
    if invitation.known_user():
        return render(request, "teams/invitation_known.html", {"invitation": invitation})
    return accept_as_newcomer(request, invitation)


def accept(request, invitation):
    problem = None
    if request.method == "POST":
        try:
            invitation.accept(request.user)
        except ValidationError as refusal:
            problem = refusal.message
        else:
            return redirect("/")
    context = {"invitation": invitation, "problem": problem, "fits": request.user.email == invitation.email}
    return render(request, "teams/invitation_accept.html", context, status=422 if problem else 200)


def accept_as_newcomer(request, invitation):
    answers = request.POST if request.method == "POST" else None
    form = NewcomerForm(answers, initial={"name": invitation.name})
    if form.is_valid():
        try:
            user = invitation.accept_as_newcomer(**form.cleaned_data)
        except ValidationError as problem:
            form.add_error("password", problem)
        else:
            del request.session["invitation"]
            return perform_login(request, user, email_verification="none", redirect_url="/")
    context = {"invitation": invitation, "form": form}
    return render(request, "teams/invitation_newcomer.html", context, status=422 if form.errors else 200)


def gone(request):
    """Unknown, expired, revoked and accepted look the same."""
    return render(request, "teams/invitation_gone.html", status=404)
