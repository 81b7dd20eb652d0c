"""Refusals in plain words: why, and what to do next. The same sentence goes to a swapped part and to a whole page."""

import logging
import sys

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token
from psycopg_pool import PoolTimeout

log = logging.getLogger(__name__)
SHUT_DOWN = "57P"  # how the states begin in which PostgreSQL says good-bye; a line that is cut has none

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
    405: (
        "Nothing was changed",
        "This address only takes what a form sends, and it was opened as a page. Go back and use the form again",
    ),
    409: ("Somebody else changed this", "Open it again to see what it says now"),
    413: ("That is too much at once", "Send less text, a smaller file or fewer things at a time"),
    429: ("Too many tries", "Wait a few minutes, then try again. Nobody else is kept out"),
    500: (
        "Sorry, there is a problem",
        "Something went wrong on our side, and it has been recorded. Nothing you sent was kept. Try again in a minute",
    ),
    503: (
        "Sorry, it is not available now",
        "The database does not answer or is very busy. Nothing you sent was kept. Try again in a minute",
    ),
}

NO_LINK = (  # whoever comes through a share link has no team, and nothing to search
    "The link that led here opens nothing, or does no longer. Ask whoever sent it to you for another"
)


def refuse(request, status, sentence=None):
    heading, standard = WORDS[status]
    context = {"heading": heading, "sentence": sentence or standard}
    return render(request, _template(request, "errors/refused.html"), context, status=status)


def bad_request(request, exception=None):
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return refuse(request, 413)
    return refuse(request, 400, exception if isinstance(exception, str) else _words_of(exception))


def permission_denied(request, exception=None):
    """Who asked for what stands in the log (P34): a row would go with the transaction that the refusal rolls back."""
    person = getattr(request, "user", None)
    log.warning("Somebody was refused a page", extra={"request": request, "person": person and person.pk})
    return refuse(request, 403, _words_of(exception))


def not_found(request, exception=None):
    """Says nothing of what was asked for: the answer is the same whether it does not exist or is not theirs."""
    return refuse(request, 404, NO_LINK if request.path.startswith("/p/") else None)


def server_error(request):
    """Rendered without the request: whoever asks for the user or the session may ask the database that is away."""
    error = sys.exc_info()[1]
    status = 503 if isinstance(error, OperationalError | InterfaceError) else 500
    heading, sentence = WORDS[status]
    page = loader.get_template(_template(request, "errors/broken.html"))
    response = HttpResponse(page.render({"heading": heading, "sentence": sentence}), status=status)
    response.lost_its_connection = status == 503 and lost_its_connection(error)
    return response


def lost_its_connection(error):
    """PostgreSQL went away in the middle: not one that is busy, or that nobody reached within the time for it."""
    cause = error.__cause__
    if cause is None or isinstance(cause, PoolTimeout):
        return False
    return (getattr(cause, "sqlstate", None) or SHUT_DOWN).startswith(SHUT_DOWN)


def too_many(request):
    return refuse(request, 429)


@requires_csrf_token
def csrf_failure(request, reason=""):
    """Another tab signed in or out meanwhile; what was typed is still on the page behind."""
    return refuse(
        request,
        403,
        "This page was opened before you last signed in. Go back, reload the page and send it again. "
        "Copy what you typed first",
    )


def _template(request, page):
    # The header, because this also answers requests that did not reach HtmxMiddleware.
    return "errors/_refused.html" if request.headers.get("HX-Request") == "true" else page


def _words_of(exception):
    """Our own refusals carry a sentence; Django's suspicious operations carry details that help nobody."""
    ours = isinstance(exception, BadRequest | PermissionDenied) and exception.args
    return str(exception) if ours else None
