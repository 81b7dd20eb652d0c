"""What holds for every request, whatever page it is for."""

import time
from urllib.parse import unquote_to_bytes, urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.db import connection
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from config.errors import bad_request, refuse

SWITCHED_OFF = (
    "accelerometer autoplay camera display-capture geolocation gyroscope magnetometer microphone midi payment usb"
)
PERMISSIONS_POLICY = ", ".join(f"{feature}=()" for feature in SWITCHED_OFF.split())
UNREADABLE = "Something in the request cannot be read. Check for odd characters and try again"
LONGEST_QUERY = 8000  # what proxies let through; a filter never comes near it
SEEN_COOKIE = "seen"
RENEW_AFTER = 60  # seconds; more often would only make headers longer


def private_pages(get_response):
    """Nobody's page is kept by a cache; a fragment and its page are told apart; nothing is shared across origins."""

    def middleware(request):
        response = get_response(request)
        response.setdefault("Cache-Control", "no-store")
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        patch_vary_headers(response, ["HX-Request"])
        return response

    return middleware


def read_again(get_response):
    """A page that was being read when PostgreSQL was restarted is read once more: its connection is gone, but the
    pool makes new ones. Whoever sent a form is told, for nobody knows here how far it came."""

    def middleware(request):
        response = get_response(request)
        if request.method in ("GET", "HEAD") and getattr(response, "lost_its_connection", False):
            connection.begin_anew()
            response = get_response(request)
        return response

    return middleware


def refuse_bad_text(get_response):
    """NUL bytes and broken UTF-8 are answered with 400 before anything reads them: PostgreSQL cannot keep them."""

    def middleware(request):
        query = request.META.get("QUERY_STRING", "")
        if len(query) > LONGEST_QUERY:
            return bad_request(request, "The address is too long. Shorten what you search for and try again")
        if not _is_utf8(query.encode("latin-1", "replace")) or _has_nul(request) or not _has_readable_form(request):
            return bad_request(request, UNREADABLE)
        return get_response(request)

    return middleware


def _has_nul(request):
    headers = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    sent = [*request.GET.lists(), *request.POST.lists()]
    fields = (text for name, values in sent for text in (name, *values))
    files = (upload.name for upload in request.FILES.values())
    return any("\x00" in text for text in (request.path, *headers, *request.COOKIES.values(), *fields, *files))


def _has_readable_form(request):
    """Read before Django puts a replacement character for every byte that is not UTF-8 and the words are lost."""
    if request.content_type == "application/x-www-form-urlencoded":
        return (request.encoding or "utf-8").lower() in ("utf-8", "utf8") and _is_utf8(request.body)
    return True


def _is_utf8(quoted):
    try:
        unquote_to_bytes(quoted).decode()
    except UnicodeDecodeError:
        return False
    return True


def end_idle_sessions(get_response):
    """A session ends after an hour without a person, and after twelve hours whatever happens.

    When somebody was last seen is kept in a signed cookie bound to the session, so that no page view writes to the
    database. Polling says so in a header and does not count.
    """

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        now, began, last = time.time(), _signed_in_at(request), _last_seen(request)
        if now - (last or began) > settings.IDLE_MINUTES * 60 or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
            return get_response(request)
        response = get_response(request)
        if not request.user.is_authenticated:
            _forget(response)
        elif "X-Polling" not in request.headers and (last is None or now - last > RENEW_AFTER):
            _say_seen(request, response, now)
        return response

    return middleware


def _last_seen(request):
    """Seconds since the epoch, or None without a cookie of this session's own."""
    key, at, _ = _seen(request)
    return at if key == request.session.session_key else None


def whose_session_ended(request):
    """The id of whom this browser was last used by, for half a day and if they did not sign out, whatever became of
    their session: it may have run out, been ended elsewhere, or lost its cookie. Good for binding something to that
    person; never for letting anybody in."""
    return _seen(request)[2]


def _seen(request):
    value = request.COOKIES.get(SEEN_COOKIE, "")
    try:
        key, at, person = signing.loads(value, salt=SEEN_COOKIE, max_age=settings.SESSION_COOKIE_AGE)
    except (signing.BadSignature, ValueError):
        return None, None, None
    return key, at, person


def _signed_in_at(request):
    return request.session.get("signed_in_at") or request.user.last_login.timestamp()


def _say_seen(request, response, now):
    value = signing.dumps([request.session.session_key, int(now), request.user.pk], salt=SEEN_COOKIE)
    response.set_cookie(SEEN_COOKIE, value, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def _forget(response):
    """Who signs out leaves nothing for whoever comes to this computer next. A session that ended by itself keeps
    the drafts in the browser: its person comes back to them."""
    response.delete_cookie(SEEN_COOKIE, samesite="Lax")
    response["Clear-Site-Data"] = '"cache", "storage"'


def send_htmx_to_sign_in(get_response):
    """A redirect to sign-in inside a swapped part would show the sign-in page in a table row: send the whole page."""

    def middleware(request):
        response = get_response(request)
        if not request.htmx or response.status_code != 302:
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path != sign_in:
            return response
        page = request.htmx.current_url_abs_path or "/"  # none of ours where the address is another site's
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")

    return middleware


def explain_wrong_method(get_response):
    """Who is led to a form's address by a link, or by signing in again, sees a sentence and not an empty page."""

    def middleware(request):
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        explained = refuse(request, 405)
        explained["Allow"] = response["Allow"]
        return explained

    return middleware
