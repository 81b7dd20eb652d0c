"""Back to a playback from a letter, and out of its letters, for people without an account (P9)."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from research.access import CONFIRMED, guest_of
from research.playback_return import link_behind, whose_letters
from research.views.playback_guests import ASKED_FOR, send_code, take_code
from teams.access import public


@require_http_methods(["GET", "HEAD", "POST"])
@public
def come_back(request, token):
    """Says neither what it leads to nor whose it is: only the code in the same mailbox opens."""
    link = _link(token)
    if request.session.get(CONFIRMED) == [link.pk, link.reviewer.pk]:
        return redirect("playbacks:through_link")
    if request.method == "POST":
        return send_code(request, link, link.reviewer.email, redirect("playbacks:return_code", token))
    return render(request, "research/playback_return.html")


@require_http_methods(["GET", "HEAD", "POST"])
@public
def return_code(request, token):
    link = _link(token)
    passcode = link.passcodes.filter(pk=request.session.get(ASKED_FOR), email=link.reviewer.email).first()
    if passcode is None:
        return redirect("playbacks:come_back", token)
    return take_code(request, link, passcode, {"again": token})


# A mail program posts here for its reader: without cookies, so without a CSRF token, and it follows no redirect.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@public
def stop_letters(request, token):
    """A link is only looked at by those who scan letters, so a GET changes nothing (RFC 8058)."""
    reviewer = _good(whose_letters(token))
    if request.method == "POST":
        reviewer.stop_letters()
    return render(request, "research/playback_letters.html", {"token": token, "off": reviewer.letters_off_at})


@require_POST
@public
def have_letters(request, token):
    """Again, for whoever stopped them by mistake."""
    _good(whose_letters(token)).have_letters()
    return redirect("playbacks:stop_letters", token)


def _link(token):
    link = _good(link_behind(token))
    if guest_of(link.playback).is_archived:
        raise Http404
    return link


def _good(found):
    if found is None:
        raise Http404
    return found
