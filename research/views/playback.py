"""One playback: composed while it is a draft, read once it is shared."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from research import playback_pdf
from research.access import for_invited
from research.models import Part
from research.models.edition import Edition, drafted
from research.playback_forms import PlaybackForm
from research.playback_page import previewing, reading
from research.playback_privacy import problems
from teams.editing import edit as edit_thing
from teams.models import Change
from teams.permissions import Can

HIGHEST = 32767  # what the column holds
STOP_POLLING = 286  # htmx asks no more


@require_http_methods(["GET", "HEAD"])
@for_invited()
def playback(request, playback):
    """What a reader sees: the newest edition. The team composes the first one here."""
    if playback.is_draft:
        return compose_page(request, playback)
    return render(request, "research/playback.html", reading_page(request, playback, playback.current_edition()))


@require_http_methods(["GET", "HEAD"])
@for_invited(Can.READ)
def compose(request, playback):
    """The draft of the next edition."""
    if playback.is_closed:
        return redirect(playback.get_absolute_url())
    return compose_page(request, playback)


@require_http_methods(["GET", "HEAD"])
@for_invited(Can.READ)
def preview(request, playback):
    """The draft exactly as a service lead will see it."""
    edition = Edition(playback=playback, number=playback.edition + 1, shared_by=request.user, **playback.words())
    context = previewing(playback, edition, drafted(playback, edition))
    return render(request, "research/playback.html", context | {"is_preview": True})


@require_http_methods(["GET", "HEAD"])
@for_invited()
def edition(request, playback, number):
    """An edition as it was, and what changed in it since the one before."""
    found = edition_of(playback, number)
    return render(request, "research/playback.html", reading_page(request, playback, found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited()
def pdf(request, playback, number):
    """An edition to take away: made by a worker when somebody asks, and looked for until it is there."""
    found = edition_of(playback, number)
    if not playback_pdf.is_possible():
        raise Http404
    found.playback = playback
    if request.method == "POST":
        playback_pdf.ask(found, by=request.user)
        return redirect("playbacks:edition_pdf", playback.team.slug, playback.pk, number)
    printed = playback_pdf.printed(found)
    is_there = bool(printed and printed.pdf)
    if is_there and not request.htmx:
        return _handed_over(playback, found, printed.pdf)
    context = {"playback": playback, "team": playback.team, "tab": "playbacks", "edition": found, "printed": printed}
    template = "research/_playback_pdf.html" if request.htmx else "research/playback_pdf_wait.html"
    return render(request, template, context, status=STOP_POLLING if request.htmx and is_there else 200)


def _handed_over(playback, edition, pdf):
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"{playback.team.slug}-playback-{playback.pk}-edition-{edition.number}"
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response


def edition_of(playback, number):
    if number > HIGHEST:
        raise Http404
    return get_object_or_404(playback.editions, number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@for_invited(Can.COMPOSE_PLAYBACK)
def edit(request, playback):
    """The words around the items."""
    return edit_thing(
        request,
        playback,
        lambda data, initial: PlaybackForm(data, initial=initial),
        context={"team": playback.team, "tab": "playbacks", "playback": playback},
        then=composing(playback),
        template="research/playback_edit.html",
    )


def composing(playback) -> str:
    """Where the draft is worked on."""
    if playback.is_draft:
        return playback.get_absolute_url()
    return reverse("playbacks:compose", args=[playback.team.slug, playback.pk])


def reading_page(request, playback, edition, **more):
    context = reading(playback, edition, request.user, **more)
    before = playback.editions.filter(number=edition.number - 1).first() if edition.number > 1 else None
    newest = edition if edition.number == playback.edition else None
    return context | {
        "changes": edition.changes_since(before) if before else None,
        "before": before,
        "editions": playback.editions.all() if playback.edition > 1 else [],
        "reviewers": playback.reviewers.current().how_far(edition) if playback.works else [],
        "has_pdf": playback_pdf.is_possible(),
        "has_news": playback.works and playback.is_shared and playback.differs(newest),
    }


def compose_page(request, playback):
    items = list(playback.current_items().with_sources())
    context = {
        "playback": playback,
        "team": playback.team,
        "tab": "playbacks",
        "parts": [(part, [one for one in items if one.part == part]) for part in Part],
        "reviewers": list(playback.reviewers.current()),
        "problems": problems(playback),
        "missing": playback.missing(),
        "may_compose": request.standing.may(Can.COMPOSE_PLAYBACK),
        "changes": Change.objects.about(playback)[:20],
    }
    return render(request, "research/playback_compose.html", context)
