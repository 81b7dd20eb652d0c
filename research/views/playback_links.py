"""Share links: made and revoked by the team, read by whoever has one."""

import datetime as dt

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import respond_429
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.transaction import non_atomic_requests
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from research.access import for_invited
from research.models import ShareLink
from research.playback_forms import LinkForm
from research.playback_page import reading
from research.views.playback_items import page_of
from teams.access import public
from teams.models import Attempts
from teams.models.invitation import digest
from teams.permissions import Can

OPENED_A_MINUTE = 30
A_MINUTE = dt.timedelta(minutes=1)
SESSION_KEY = "playback_link"


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def links(request, playback):
    """Make one: its address is shown this once."""
    form, address = LinkForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            _, token = ShareLink.objects.make(playback, form.cleaned_data["days"], by=request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            address = settings.SITE_URL + reverse("playbacks:open_link", args=[token])
    context = page_of(playback) | {"form": form, "address": address, "links": playback.links.newest_first()}
    context["back"] = playback.get_absolute_url()
    return render(request, "research/playback_links.html", context, status=422 if form.errors else 200)


@require_POST
@for_invited(Can.COMPOSE_PLAYBACK)
def revoke(request, playback, link):
    link = get_object_or_404(playback.links, pk=link)
    link.playback = playback
    link.revoke(by=request.user)
    messages.success(request, "The link is revoked. Nobody can read through it any more")
    return redirect("playbacks:links", playback.team.slug, playback.pk)


@non_atomic_requests  # a wrong guess is counted even though it ends in 404
@require_http_methods(["GET", "HEAD"])
@public
def open_link(request, token):
    """Take the secret out of the address, so that neither history nor a Referer header carries it on (P9)."""
    if not Attempts.spend(f"share:{get_adapter(request).get_client_ip(request)}", OPENED_A_MINUTE, A_MINUTE):
        return respond_429(request)
    link = ShareLink.objects.behind(digest(token))
    if link is None:
        raise Http404
    if request.method == "GET":
        link.uses.create()
        request.session[SESSION_KEY] = link.token_hash
    return redirect("playbacks:through_link")


@require_http_methods(["GET", "HEAD"])
@public
def through_link(request):
    """The newest edition, and nothing else: neither answers nor names of those who gave them."""
    link = ShareLink.objects.behind(request.session.get(SESSION_KEY, ""))
    if link is None:
        raise Http404
    edition = link.playback.current_edition()
    before = link.playback.editions.filter(number=edition.number - 1).first()
    changes = edition.changes_since(before) if before else None
    context = reading(link.playback, edition, None) | {"before": before, "changes": changes, "is_link": True}
    return render(request, "research/playback.html", context)
