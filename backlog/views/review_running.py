"""Starting and finishing a session. Pausing is a button of the item's own form."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from backlog.access import for_review
from backlog.review_page import outline
from teams.permissions import Can


@require_http_methods(["GET", "HEAD", "POST"])
@for_review(Can.RECORD_REVIEW)
def start(request, session):
    """Begin, or go on where the room stopped."""
    if request.method == "POST":
        try:
            session.start(by=request.user)
        except ValidationError as problem:
            messages.error(request, problem.message)
    return redirect(session)


@require_http_methods(["GET", "HEAD", "POST"])
@for_review(Can.RECORD_REVIEW)
def finish(request, session):
    """Ask first: what is left stays ready to review, and the session cannot be opened again."""
    if session.is_finished:
        return redirect(session)
    if request.method == "POST":
        session.finish(by=request.user)
        messages.success(request, "Review finished.")
        return redirect(session)
    return render(request, "backlog/review_finish.html", outline(session))
