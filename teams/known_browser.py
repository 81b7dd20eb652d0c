"""A browser that has signed in before keeps a cookie, and with it tries of its own (OWASP's device cookie).

Whoever keeps failing on somebody's address from elsewhere then shuts out nobody but themselves.
"""

import secrets

from django.conf import settings
from django.core import signing

from teams.models.user import clean_email

COOKIE = "__Host-known" if settings.SECURE else "known"
SALT = "teams.known_browser"
AGE = 180 * 24 * 60 * 60


def bucket(request, email) -> str:
    """Where a try to sign in as `email` from this browser counts."""
    email = clean_email(email)
    known_email, browser = _read(request)
    return f"sign-in:{email}:{browser}" if known_email == email else f"sign-in:{email}"


def remember(response, request, user):
    known_email, browser = _read(request)
    if known_email != user.email:
        value = signing.dumps([user.email, secrets.token_hex(8)], salt=SALT)
        response.set_cookie(COOKIE, value, AGE, secure=settings.SECURE, httponly=True, samesite="Lax")
    return response


def _read(request):
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return None, None
