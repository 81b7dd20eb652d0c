"""A playback through a share link: read by whoever has one, answered by who confirms an e-mail address (P9)."""

import datetime as dt
import re

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.core.exceptions import ValidationError
from django.db.transaction import non_atomic_requests
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from research import playback_letters as letters
from research.access import CONFIRMED, OPENED, for_link
from research.guest_forms import AddressForm, CodeForm
from research.models import Passcode, Reply, ShareLink, ShareLinkUse, Use
from research.playback_page import reading_through_link, reply_form
from research.views.playback_answers import again, found, saved, take_answer
from teams.access import public
from teams.models import Attempts
from teams.models.idempotency import SECOND_CLICK, key_of
from teams.models.invitation import digest

GUESSES_A_MINUTE = 30
OPENED_A_MINUTE = 300  # through one link from one address: each without a cookie begins a session
A_MINUTE = dt.timedelta(minutes=1)
CODES_TO_AN_ADDRESS, CODES_OF_A_LINK = 5, 200  # in a quarter of an hour, for those that nobody enters
ANSWERS, REPLIES = 240, 30  # of one reader, in the same time
WRONG_CODE = "This is not the code, or it is no longer good. Check the e-mail, or ask for another"
ASKED_FOR = "playback_passcode"  # in the session
TAG = re.compile(r"\+.*(?=@)")


@non_atomic_requests  # a wrong guess is counted even though it ends in 404
@require_http_methods(["GET", "HEAD"])
@public
def open_link(request, token):
    """Take the secret out of the address, so that neither history nor a Referer header carries it on (P9)."""
    address = get_adapter(request).get_client_ip(request)
    guesses = f"share:{address}"
    if not Attempts.spend(guesses, GUESSES_A_MINUTE, A_MINUTE):
        return respond_429(request)
    link = ShareLink.objects.behind(digest(token))
    if link is None:
        raise Http404
    Attempts.give_back(guesses)  # a meeting behind one address opens the same link at once
    if not Attempts.spend(f"share:{link.pk}:{address}", OPENED_A_MINUTE, A_MINUTE):
        return respond_429(request)
    if request.method == "GET":
        request.session[OPENED] = link.token_hash
    return redirect("playbacks:through_link")


@require_http_methods(["GET", "HEAD"])
@for_link()
def through_link(request, link):
    """The newest edition, and nothing else: neither what others answered nor who they are."""
    response = render(request, "research/playback.html", page(link))
    if request.method == "GET":
        ShareLinkUse.objects.note(link, Use.READ, link.reviewer)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_link()
def confirm(request, link):
    """Ask for a code by e-mail."""
    if link.reviewer or not link.playback.is_shared:
        return redirect("playbacks:through_link")
    form = AddressForm(request.POST if request.method == "POST" else None, link=link)
    if form.is_valid():
        return send_code(request, link, form.cleaned_data["email"], redirect("playbacks:enter_code"))
    context = {"link": link, "form": form}
    return render(request, "research/playback_confirm.html", context, status=422 if form.errors else 200)


def send_code(request, link, email, then):
    """The buckets make a second click wait for the first, whose code is then the one that counts."""
    if not all(Attempts.spend(*bucket) for bucket in buckets(link, email)):
        return respond_429(request)
    key = key_of(request)
    passcode = link.passcodes.just_asked_for(email, key)
    if passcode is None:
        passcode, code = Passcode.objects.make(link, email, key)
        letters.send_code(email, code)
        ShareLinkUse.objects.note(link, Use.ASKED)
    request.session[ASKED_FOR] = passcode.pk
    return then


@require_http_methods(["GET", "HEAD", "POST"])
@for_link()
def enter_code(request, link):
    """The code, in the browser that asked for it."""
    passcode = link.passcodes.filter(pk=request.session.get(ASKED_FOR)).first()
    if passcode is None or link.reviewer:
        return redirect("playbacks:through_link")
    return take_code(request, link, passcode, {"email": passcode.email})


def take_code(request, link, passcode, context):
    """Sent twice it counts once, and the person is in, whichever of the two answers arrives."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            reviewer = passcode.enter(form.cleaned_data["code"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            if reviewer:
                return _let_in(request, link, reviewer)
            form.add_error("code", WRONG_CODE)
    context = {"form": form} | context
    return render(request, "research/playback_code.html", context, status=422 if form.errors else 200)


@require_POST
@for_link(answers=True)
def answer(request, link, item):
    """What a confirmed reader says of one item."""
    if not Attempts.spend(f"answers:{link.reviewer.pk}", ANSWERS):
        return respond_429(request)
    response = take_answer(request, lambda: page(link), item, f"/p/#item-{item}")
    if response.status_code < 400:
        ShareLinkUse.objects.note(link, Use.ANSWERED, link.reviewer)
    return response


@require_POST
@for_link(answers=True)
def reply(request, link, item):
    """What a confirmed reader says further to what the team replied."""
    if not Attempts.spend(f"talk:{link.reviewer.pk}", REPLIES):
        return respond_429(request)
    context, entry = found(lambda: page(link), item)
    said = entry.mine
    if said is None:
        raise Http404
    said.form = form = reply_form(said, entry.item, request.POST)
    if form.is_valid():
        try:
            made = Reply.objects.say_as_guest(link.reviewer, entry.item.item, form.cleaned_data["text"])
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            ShareLinkUse.objects.note(link, Use.REPLIED, link.reviewer)
            return saved(request, lambda: page(link), entry, f"/p/#reply-{made.pk}")
    return again(request, context | {"form": form}, entry)


def page(link) -> dict:
    context = reading_through_link(link)
    before = link.playback.editions.filter(number=context["edition"].number - 1).first()
    return context | {"before": before, "changes": context["edition"].changes_since(before) if before else None}


def buckets(link, email):
    """What an asking is counted in: letters to one mailbox, whatever follows a plus in its name, and letters that one
    link can cause."""
    mailbox = TAG.sub("", email)
    return (f"passcode:{mailbox}", CODES_TO_AN_ADDRESS), (f"passcodes:{link.pk}", CODES_OF_A_LINK)


def _let_in(request, link, reviewer):
    """Under a new key: whoever knew the old one does not answer for them (P17). A second click still comes with it."""
    for bucket, _ in buckets(link, reviewer.email):
        Attempts.give_back(bucket)
    ShareLinkUse.objects.note(link, Use.CONFIRMED, reviewer)
    request.session.step_aside(SECOND_CLICK, but=[OPENED, ASKED_FOR])
    request.session[OPENED] = link.token_hash
    request.session[CONFIRMED] = [link.pk, reviewer.pk]
    return redirect("playbacks:through_link")
