"""What browsers say of pages that broke the content security policy."""

import json
import logging
import time
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponse
from django.http.request import RawPostDataException
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from teams.access import public

log = logging.getLogger(__name__)
LONGEST = 16_384  # bytes
A_MINUTE, MOST_A_MINUTE = 60, 60


class Allowance:
    """So many a minute for this process. Kept in memory: a flood must not become writes to the database."""

    def __init__(self, most):
        self.most = most
        self.spent, self.since = 0, time.monotonic()

    def spend(self):
        if time.monotonic() - self.since > A_MINUTE:
            self.spent, self.since = 0, time.monotonic()
        self.spent += 1
        return self.spent <= self.most


allowance = Allowance(MOST_A_MINUTE)


@require_http_methods(["POST"])
@csrf_exempt  # the browser itself sends it, without a token; nothing but a line in the log comes of it
@public
@transaction.non_atomic_requests
def csp_report(request):
    if not allowance.spend():
        return HttpResponse(status=429)
    if int(request.headers.get("Content-Length") or 0) > LONGEST:
        return HttpResponse(status=413)
    try:
        report = json.loads(request.body)["csp-report"]
        log.warning("A page broke the content security policy", extra=told_of(report))
    except (RequestDataTooBig, ValueError, TypeError, KeyError, AttributeError, RecursionError, RawPostDataException):
        return HttpResponse(status=400)
    return HttpResponse(status=204)


def told_of(report):
    """Which rule, which kind of page, which site was blocked. Never an address in full: it may carry a token."""
    blocked = urlsplit(str(report.get("blocked-uri", "")))
    return {
        "directive": str(report.get("effective-directive") or report.get("violated-directive", ""))[:60],
        "page": kind_of_page(urlsplit(str(report.get("document-uri", ""))).path),
        "blocked": (f"{blocked.scheme}://{blocked.hostname}" if blocked.hostname else blocked.path)[:100],
    }


def kind_of_page(path):
    try:
        return resolve(path).route
    except Resolver404:
        return "none of ours"
