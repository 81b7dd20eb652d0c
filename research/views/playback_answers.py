"""What reviewers say of an item, and what is talked about it. Saved as you go, item by item."""

from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from backlog.keyset import page as page_of
from research import playback_letters as letters
from research import playback_talk as talk
from research.access import ANSWER, TALK, for_invited
from research.models import Answer, Response
from research.playback_page import answer_form, reply_form
from research.views.playback import reading_page
from teams.models import Submission
from teams.models.idempotency import key_of


@require_POST
@for_invited(ANSWER)
def answer(request, playback, item):
    """Agree, question or disagree, with a comment."""
    return take_answer(
        request, partial(page_to_answer, request, playback), item, f"{playback.get_absolute_url()}#item-{item}"
    )


def take_answer(request, page, item, back):
    """Keep what is sent of one item; `page` gives the context of the page it stands on, `back` is its address."""
    context, entry = found(page, item)
    form = answer_form(entry, request.POST)
    if form.is_valid():
        try:
            Response.objects.answer(context["me"], entry.item.item, **form.answers())
        except ValidationError as problem:
            form.add_error("comment" if hasattr(problem, "error_dict") else None, problem.messages[0])
        else:
            return saved(request, page, entry, back)
    entry.form = form
    return again(request, context | {"form": form}, entry)


@require_POST
@for_invited(TALK)
def reply(request, playback, item, reviewer):
    """The team answers a reviewer, and the reviewer may say more; nobody else joins in."""
    page = partial(page_to_answer, request, playback, also=reviewer)
    context, entry = found(page, item)
    said = next((one for one in entry.said if one.reviewer.pk == reviewer), None)
    if said is None or not (playback.works or said.is_mine):
        raise Http404
    said.form = form = reply_form(said, entry.item, request.POST)
    if playback.is_closed:
        form.add_error(None, "This playback is closed, so nothing can be added to it")
    if form.is_valid():
        text = form.cleaned_data["text"]
        address = Submission.once(
            request.user, key_of(request), lambda: _replied(playback, entry, said.reviewer, request.user, text)
        )
        return saved(request, page, entry, _back_to(address, said) if request.POST.get("all") else address)
    return again(request, context | {"form": form}, entry)


@require_http_methods(["GET", "HEAD"])
@for_invited()
def answers(request, playback, item):
    """All that was said of one item, the latest first."""
    item = get_object_or_404(playback.items, pk=item)
    shown, kind = item.as_shared(), request.GET.get("answer", "")
    if shown is None or kind not in ("", *Answer):
        raise Http404
    segments, of = talk.listed(item, kind)
    page = page_of(segments, request.GET.get("page"), of=of)
    me = playback.reviewers.current().filter(user=request.user).first()
    context = {"playback": playback, "team": playback.team, "tab": "playbacks", "item": shown, "page": page}
    context |= {"all_said": talk.with_talk(playback, page.rows, me), "kind": kind}
    context |= {"tally": talk.tally(playback)[item.pk], "is_newest": shown.edition.number == playback.edition}
    return render(request, "research/playback_said.html", context)


def page_to_answer(request, playback, **more):
    if playback.is_draft:
        raise Http404
    return reading_page(request, playback, playback.current_edition(), **more)


def _back_to(reply, said):
    """To a reply on the page of all answers, which begins with the one it is about."""
    playback, item = said.response.playback, said.response.item
    at = reverse("playbacks:answers", args=[playback.team.slug, playback.pk, item.pk])
    return f"{at}?page={talk.place_of(said.response)}#{reply.partition('#')[2]}"


def found(page, item):
    context = page()
    entry = next((one for one in context["entries"] if one.item.item_id == item), None)
    if entry is None:
        raise Http404
    return context, entry


def saved(request, page, entry, back):
    if not request.htmx:
        return redirect(back)
    context, fresh = found(page, entry.item.item_id)
    return render(request, "research/_playback_saved.html", context | {"entry": fresh, "saved": True})


def again(request, context, entry):
    template = "research/_playback_saved.html" if request.htmx else "research/playback.html"
    return render(request, template, context | {"entry": entry}, status=422)


@transaction.atomic
def _replied(playback, entry, reviewer, by, text):
    made = playback.replies.create(
        reviewer=reviewer, item_id=entry.item.item_id, author=by, author_name=by.name, text=text
    )
    letters.replied(playback, made)
    return made
