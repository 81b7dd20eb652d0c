"""One opportunity of a session: deciding it, leaving it, scoring it silently."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from backlog.access import for_review
from backlog.review_forms import DecisionForm, SilentForm
from backlog.review_page import chosen, happened_since, outline, room, said, scores_in, would
from teams.models import Conflict, Submission
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_review()
def item(request, session, position):
    """Any item of the session, decided or not; the room stays where it is."""
    item = _found(session, position)
    template = "backlog/_review.html" if request.htmx else "backlog/review.html"
    return render(request, template, room(request, session, item))


@require_http_methods(["GET", "HEAD", "POST"])
@for_review(Can.RECORD_REVIEW)
def decision(request, session, position):
    """What the one form of the page asks for: save, skip, go back, pause or show the scores."""
    item = _found(session, position)
    if request.method != "POST":
        return redirect(_address(item))
    form = DecisionForm(request.POST, item=item, by=request.user)
    act = ACTS.get(request.POST.get("do"), _save) if session.is_running else _wait
    try:
        return redirect(_once(request, session, item, form, act))
    except Mistake:
        return _again(request, session, item, form)
    except ValidationError as problem:
        form.add_error(None, problem)
        return _again(request, session, item, form)
    except Conflict:
        return _conflict(request, session, position, form)


@require_http_methods(["GET", "HEAD"])
@for_review(Can.RECORD_REVIEW)
def preview(request, session, position):
    """What the value and size on the page would do."""
    item = _found(session, position)
    form = DecisionForm(request.GET, item=item, by=request.user)
    return render(request, "backlog/_review_would.html", {"would": would(item.opportunity, *scores_in(form))})


@require_http_methods(["GET", "HEAD", "POST"])
@for_review()
def silent(request, session, position):
    """One person's value and size, unseen by others until the scores are shown."""
    item = _found(session, position)
    if request.method != "POST":
        return redirect(_address(item))
    form = SilentForm(request.POST, sizes=session.sizes)
    if form.is_valid():
        try:
            item.score_silently(request.user, form.cleaned_data.get("value"), form.cleaned_data.get("size"))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            return redirect(said(session, "scored", item, at=_address(item)))
    template = "backlog/_review.html" if request.htmx else "backlog/review.html"
    return render(request, template, room(request, session, _found(session, position), silent=form), status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@for_review(Can.RECORD_REVIEW)
def undo(request, session, position):
    """Take the decision of one item back."""
    item = _found(session, position)
    if request.method == "POST":
        try:
            item.undo(by=request.user)
        except ValidationError as problem:
            messages.error(request, problem.message)
        else:
            return redirect(said(session, "undone", item))
    return redirect(session)


# --- What the buttons do. Each returns the address to go to.


class Mistake(Exception):
    """The form says what is missing."""


def _save(request, session, item, form):
    if not form.is_valid():
        raise Mistake
    item.decide(form.decision(), by=request.user, seen=form.cleaned_data["seen"])
    return said(session, "saved", item)


def _skip(request, session, item, form):
    item.skip(by=request.user, draft=form.typed(), seen=_seen(form))
    return said(session, "skipped", item)


def _back(request, session, item, form):
    item.keep(form.typed(), seen=_seen(form))
    before = session.items.filter(position=item.position - 1).first() or item
    return said(session, "kept", item, at=_address(before)) if item.draft else _address(before)


def _pause(request, session, item, form):
    item.keep(form.typed(), seen=_seen(form))
    session.pause(by=request.user)
    return said(session, "paused", item)


def _reveal(request, session, item, form):
    item.keep(form.typed(), seen=_seen(form))
    item.reveal(by=request.user)
    return said(session, "shown", item, at=_address(item))


def _wait(request, session, item, form):
    """Somebody paused the review meanwhile: nothing is recorded, and nothing of what was chosen is lost."""
    item.keep(form.typed(), seen=_seen(form))
    return said(session, "waiting", item)


ACTS = {"save": _save, "skip": _skip, "back": _back, "pause": _pause, "reveal": _reveal}


def _once(request, session, item, form, act):
    """A form sent twice is answered twice and acts once (P23)."""
    form.full_clean()
    key = form.cleaned_data.get("key")
    if key is None:
        raise ValidationError("This page was not sent whole. Choose again and save")
    return Submission.once(request.user, key, lambda: act(request, session, item, form))


def _seen(form):
    return form.cleaned_data.get("seen", "")


def _again(request, session, item, form):
    """The page with what was typed and what is missing."""
    session.refresh_from_db(fields=["state"])
    form.data = form.data.copy()
    form.data["key"] = form.fresh()["key"]
    template = "backlog/_review.html" if request.htmx else "backlog/review.html"
    return render(request, template, room(request, session, _found(session, item.position), form=form), status=422)


def _conflict(request, session, position, form):
    """Both are shown: what somebody saved meanwhile, and what was chosen here."""
    item = _found(session, position)
    mine = DecisionForm(_restamped(form, item), item=item, by=request.user)
    context = outline(session, item) | {
        "changes": happened_since(item, form.data.get("seen", "")),
        "form": mine,
        "mine": chosen(mine),
        "sent": [(name, value) for name in mine.fields for value in mine.data.getlist(name)],
    }
    return render(request, "backlog/review_conflict.html", context, status=409)


def _restamped(form, item):
    """What was chosen, on a form that knows what has happened since."""
    data = form.data.copy()
    for name, new in form.__class__(None, item=item, by=form.by).fresh().items():
        data[name] = new
    return data


def _found(session, position):
    item = session.items.for_page().filter(position=position).first()
    if item is None:
        raise Http404
    return item


def _address(item):
    """Where the item is shown: the room's own page while the room is at it."""
    session = item.session
    if item.pk == session.current_id:
        return session.get_absolute_url()
    return reverse("backlog:review_item", args=[session.team.slug, session.pk, item.position])
