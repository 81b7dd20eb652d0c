"""An edition as a tagged PDF (PDF/UA-1), which a screen reader can follow and which can be filed.

It says what every reader of the edition reads, and what became of each item; who answered what stays on the page.
Sixty items take seconds to set, so a worker does it, and it is kept until it would say something else.
"""

import hashlib
import importlib.util
from ctypes.util import find_library
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string

from research.models import Edition, Printed
from research.playback_page import printing

STYLE = settings.BASE_DIR / "static" / "src" / "pdf.css"


@cache
def is_possible() -> bool:
    """WeasyPrint is an extra, and Pango the system's: where one is left out, people print the page."""
    return bool(importlib.util.find_spec("weasyprint") and find_library("pango-1.0"))


def printed(edition) -> Printed | None:
    """Its `pdf`, or none yet while a worker is at it, or nothing: then somebody has to ask."""
    return Printed.objects.saying(edition, _hash(source(edition)))


def ask(edition, *, by):
    Printed.objects.ask(edition, _hash(source(edition)), by=by)


def set_pdf(job):
    """What a worker does. Done twice, it does no harm."""
    edition = Edition.objects.select_related("playback__team__programme").get(pk=job.work["edition"])
    words = source(edition)
    Printed.keep(job, _hash(words), as_pdf(words))


def take_out(words, instead, *, team, beyond, found):
    """What a participant takes back may stand in any of them: none is kept. They are set again when asked for."""
    Printed.objects.of(team, beyond=beyond).delete()


def source(edition) -> str:
    return render_to_string("research/playback_pdf.html", printing(edition.playback, edition))


def as_pdf(words) -> bytes:
    from weasyprint import CSS, HTML  # it loads Pango, which only this needs
    from weasyprint.urls import URLFetcher

    from research.pdf_margins import mark_as_artifacts

    nothing = URLFetcher(allowed_protocols=())  # no file of another place is fetched for it (P33)
    page = HTML(string=words, url_fetcher=nothing)
    style = CSS(string=STYLE.read_text())
    return page.write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1", finisher=mark_as_artifacts)


def _hash(words) -> str:
    return hashlib.sha256((words + STYLE.read_text()).encode()).hexdigest()
