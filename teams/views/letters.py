"""Which letters a person wants: their own page, and the way out that a letter carries."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from teams import unsubscribing
from teams.access import for_anyone_signed_in, public
from teams.models import Letter, SwitchedOff
from teams.models.switched_off import describe


@require_http_methods(["GET", "HEAD", "POST"])
@for_anyone_signed_in
def letters(request):
    if request.method == "POST":
        return _switch(request)
    off = {(one.kind, one.team_id) for one in request.user.switched_off.all()}
    teams = [one.team for one in request.user.memberships.current().in_teams_in_use()]
    context = {
        "digests": [(team, (Letter.DIGEST, team.pk) not in off) for team in teams],
        "others": [(kind, (kind, None) not in off) for kind in Letter if kind != Letter.DIGEST],
        "digest": Letter.DIGEST,
    }
    return render(request, "teams/account_letters.html", context)


def _switch(request):
    kind, on = request.POST.get("kind"), request.POST.get("on") == "on"
    if kind not in Letter.values:
        raise Http404
    memberships = request.user.memberships.current().in_teams_in_use()
    team = get_object_or_404(memberships, team__slug=request.POST.get("team")).team if kind == Letter.DIGEST else None
    SwitchedOff.objects.switch(kind, request.user, on=on, team=team)
    name = describe(kind, team)
    messages.success(request, f"You {'get this letter' if on else 'no longer get this letter'}: {name}")
    return redirect("account_letters")


# A mail program posts here for its reader: without cookies, so without a CSRF token, and it follows no redirect.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def unsubscribe(request, token):
    """A link is only looked at by those who scan letters, so a GET changes nothing (RFC 8058)."""
    kind, user, team = _open(token)
    if request.method == "POST":
        SwitchedOff.objects.switch(kind, user, on=False, team=team)
    off = SwitchedOff.objects.holds_back(kind, user, team)
    context = {"token": token, "letter": kind, "list": team, "off": off}
    return render(request, "teams/unsubscribe.html", context)


@require_POST
@public
def subscribe(request, token):
    """Back again, for whoever unsubscribed by mistake."""
    kind, user, team = _open(token)
    SwitchedOff.objects.switch(kind, user, on=True, team=team)
    return redirect("unsubscribe", token)


def _open(token):
    found = unsubscribing.read(token)
    if not found:
        raise Http404
    return found
