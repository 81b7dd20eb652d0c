"""Refusals in plain words: why, and what to do next. The same sentence goes to a swapped part and to a whole page."""

from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

WORDS = {
    400: ("That did not work", "The request could not be understood. Go back and try again"),
    403: (
        "You cannot do this",
        "Your role does not allow it. Ask the team’s product owner or delivery manager, who are named on its page",
    ),
    404: (
        "Page not found",
        "It does not exist, or it is not in your teams. Check the address, or search for it",
    ),
    409: ("Somebody else changed this", "Open it again to see what it says now"),
    429: ("Too many tries", "Wait a few minutes, then try again. Nobody else is kept out"),
}


def refuse(request, status, sentence=None):
    heading, standard = WORDS[status]
    context = {"heading": heading, "sentence": sentence or standard, "status": status}
    template = "errors/_refused.html" if getattr(request, "htmx", False) else "errors/refused.html"
    return render(request, template, context, status=status)


def bad_request(request, exception=None):
    sentence = exception if isinstance(exception, str) else _words_of(exception)
    return refuse(request, 400, sentence)


def permission_denied(request, exception=None):
    return refuse(request, 403)


def not_found(request, exception=None):
    return refuse(request, 404)


@requires_csrf_token
def csrf_failure(request, reason=""):
    """Another tab signed in or out meanwhile; what was typed is still on the page behind."""
    return refuse(
        request,
        403,
        "This page was opened before you last signed in. Go back, reload the page and send it again. "
        "Copy what you typed first",
    )


def _words_of(exception):
    """Our own BadRequest carries a sentence; Django's suspicious operations carry details that help nobody."""
    return str(exception) if isinstance(exception, BadRequest) and exception.args else None
