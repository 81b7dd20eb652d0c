"""Share links, as the team makes, watches and revokes them."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from research.access import for_invited
from research.guest_forms import LinkForm
from research.models import ShareLink, ShareLinkUse
from research.models.share_link import fresh_token
from research.views.playback_items import page_of
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def links(request, playback):
    """Make one: its address is shown this once. A second click on the form shows it again."""
    form, address = LinkForm(request.POST if request.method == "POST" else None), ""
    seal = signing.Signer(salt=f"share link {playback.pk} {request.user.pk}")
    if form.is_valid():
        try:
            _, token = ShareLink.objects.make(
                playback, by=request.user, token=_unsealed(seal, request), **form.cleaned_data
            )
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            address = settings.SITE_URL + reverse("playbacks:open_link", args=[token])
    context = page_of(playback) | {"form": form, "address": address, "links": playback.links.newest_first()}
    context["sealed"] = seal.sign(fresh_token())  # what the next link will be, and nobody but us can choose it
    context["uses"] = ShareLinkUse.objects.latest_of(playback)
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


def _unsealed(seal, request):
    try:
        return seal.unsign(request.POST.get("sealed", ""))
    except signing.BadSignature:
        return None
