"""Where whoever finds a hole reports it (RFC 9116), for scanners and people who look for it at the usual address."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from teams.access import public

GOOD_FOR = dt.timedelta(days=180)


@require_http_methods(["GET", "HEAD"])
@public
@transaction.non_atomic_requests
def security_txt(request):
    if not settings.SECURITY_CONTACT:
        raise Http404
    until = (timezone.now() + GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z")
    words = f"Contact: {settings.SECURITY_CONTACT}\nExpires: {until}\nPreferred-Languages: en\n"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")
