"""Words sent after a session ended come back in their form, once their writer has signed in again (ui.md rule 7).

The answer to such a form is the sign-in page, with its fields closed by a key of ours: nothing is stored for somebody
who is not signed in. Signing in puts the closed words into the session, still closed, and whatever page then shows the
form to its writer shows it filled. Only the writer sends it: nothing is ever saved by itself. It stays until the form
was sent or half a day has passed, so that a reload loses nothing and no page view writes.
"""

import json
import re
from urllib.parse import urlencode, urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import QueryDict
from django.shortcuts import resolve_url
from django.template.loader import render_to_string

from config.filling import fill
from config.middleware import whose_session_ended
from teams.adapter import secret_box
from teams.views.from_allauth import login

FIELD = "kept"
NEVER = re.compile("password|code|csrf|token|secret|^kept$")
LONGEST = 100_000  # characters, closed; several times the longest text that a form takes
STILL_THERE = {409, 422}  # answers that show again what was sent
NOTICE = '<div id="problem"></div>'  # what stands before a page's own words in templates/base.html


def keep_words(get_response):
    def middleware(request):
        response = get_response(request)
        if request.method == "POST":
            if _leads_to_sign_in(response) and not request.user.is_authenticated:
                return _sign_in_page(request) or response
            _take_along(request, response)
            _forget_what_was_sent(request, response)
        elif _may_have_forms(response) and (kept := _kept_for(request)):
            _put_back(request, response, kept)
        return response

    return middleware


def _leads_to_sign_in(response):
    where = urlsplit(response.get("Location", ""))
    return response.status_code == 302 and where.path == resolve_url(settings.LOGIN_URL) and "next=" in where.query


def _sign_in_page(request):
    """None where we do not know whose words these are, or where they are too many: whoever signs in next may be
    somebody else, and gets nothing of them."""
    writer = whose_session_ended(request)
    fields = {name: values for name, values in request.POST.lists() if not NEVER.search(name.lower())}
    page = _page_of(request)
    kept = {"writer": writer, "action": request.path, "page": page, "fields": fields}
    closed = _box().encrypt(json.dumps(kept).encode()).decode()
    if not writer or not any(map(any, fields.values())) or len(closed) > LONGEST:
        return None
    request.kept, request.method = closed, "GET"
    request.GET, request.POST = QueryDict(urlencode({"next": page})), QueryDict()
    response = login(request).render()
    if request.htmx:
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    return response


def _page_of(request):
    """Where the form stood, as a path of ours."""
    address = request.htmx.current_url if request.htmx else request.headers.get("Referer")
    page = urlsplit(address or "")
    if page.netloc != request.get_host() or page.path == resolve_url(settings.LOGIN_URL):
        return request.get_full_path()
    return page._replace(scheme="", netloc="", fragment="").geturl()


def _take_along(request, response):
    """From the sign-in page into the session, which a second factor may still have to open."""
    closed = request.POST.get(FIELD, "")
    kept = _open(closed) if response.status_code == 302 else None
    if kept and (not request.user.is_authenticated or request.user.pk == kept["writer"]):
        request.session[FIELD] = closed


def _forget_what_was_sent(request, response):
    kept = _kept_for(request)
    if kept and kept["action"] == request.path and (response.status_code < 400 or response.status_code in STILL_THERE):
        del request.session[FIELD]


def _kept_for(request):
    closed = request.session.get(FIELD) if request.user.is_authenticated else None
    kept = _open(closed) if closed else None
    return kept if kept and kept["writer"] == request.user.pk else None


def _open(closed):
    try:
        return json.loads(_box().decrypt(closed[:LONGEST].encode(), ttl=settings.SESSION_COOKIE_AGE))
    except InvalidToken:
        return None


def _box():
    return secret_box("config.kept_words")


def _may_have_forms(response):
    return (
        response.status_code == 200 and not response.streaming and response.get("Content-Type", "")[:9] == "text/html"
    )


def _put_back(request, response, kept):
    page = response.content.decode()
    filled = fill(page, request.path, kept["action"], kept["fields"])
    if filled or kept["page"] == request.get_full_path():
        texts = [] if filled else [value for values in kept["fields"].values() for value in values if " " in value]
        notice = render_to_string("config/_kept_words.html", {"texts": texts})
        response.content = (filled or page).replace(NOTICE, NOTICE + notice, 1)
