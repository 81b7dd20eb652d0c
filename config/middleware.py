"""What holds for every request, whatever page it is for."""

import time
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core import signing
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from config.errors import bad_request

PERMISSIONS_POLICY = ", ".join(f"{name}=()" for name in ["camera", "geolocation", "microphone", "payment", "usb"])
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


def refuse_bad_text(get_response):
    """NUL bytes and broken UTF-8 are answered with 400 before anything reads them: PostgreSQL cannot keep them."""

    def middleware(request):
        if _has_bad_text(request):
            return bad_request(
                request, "Something in the request cannot be read. Check for odd characters and try again"
            )
        return get_response(request)

    return middleware


def _has_bad_text(request):
    places = [request.path, *request.COOKIES.values(), request.headers.get("User-Agent", "")]
    places += [text for name in request.GET for text in (name, *request.GET.getlist(name))]
    if request.method == "POST" and request.content_type in (
        "application/x-www-form-urlencoded",
        "multipart/form-data",
    ):
        if request.encoding and request.encoding.lower() not in ("utf-8", "utf8"):
            return True
        places += [text for name in request.POST for text in (name, *request.POST.getlist(name))]
        places += [upload.name for upload in request.FILES.values()]
    return any("\x00" in text or "\ufffd" in text or _is_surrogate(text) for text in places)


def _is_surrogate(text):
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def end_idle_sessions(get_response):
    """A session ends after an hour without a person, and after twelve hours whatever happens.

    When somebody was last seen is kept in a signed cookie bound to the session, so that no page view writes to the
    database. Polling says so in a header and does not count.
    """

    def middleware(request):
        if not request.user.is_authenticated:
            return get_response(request)
        now, began = time.time(), _signed_in_at(request)
        seen = _last_seen(request, began)
        if now - seen > settings.IDLE_MINUTES * 60 or now - began > settings.SESSION_COOKIE_AGE:
            logout(request)
            return get_response(request)
        response = get_response(request)
        if request.user.is_authenticated and now - seen > RENEW_AFTER and "X-Polling" not in request.headers:
            _say_seen(request, response, now)
        return response

    return middleware


def _last_seen(request, began):
    """Seconds since the epoch. Without a cookie of this session's own, when the session began."""
    try:
        key, at = signing.loads(request.COOKIES.get(SEEN_COOKIE, ""), salt=SEEN_COOKIE)
    except (signing.BadSignature, ValueError):
        return began
    return at if key == request.session.session_key else began


def _signed_in_at(request):
    return request.session.get("signed_in_at") or request.user.last_login.timestamp()


def _say_seen(request, response, now):
    value = signing.dumps([request.session.session_key, int(now)], salt=SEEN_COOKIE)
    response.set_cookie(SEEN_COOKIE, value, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")


def send_htmx_to_sign_in(get_response):
    """A redirect to sign-in inside a swapped part would show the sign-in page in a table row: send the whole page."""

    def middleware(request):
        response = get_response(request)
        if not request.htmx or response.status_code != 302:
            return response
        sign_in = resolve_url(settings.LOGIN_URL)
        if urlsplit(response["Location"]).path != sign_in:
            return response
        page = urlsplit(request.htmx.current_url or "/").path
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")

    return middleware
