"""An edition as a tagged PDF (PDF/UA-1), which a screen reader can follow and which can be filed.

It says what every reader of the edition reads, and what became of each item; who answered what stays on the page.
"""

import importlib.util
from ctypes.util import find_library
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string

STYLE = settings.BASE_DIR / "static" / "src" / "pdf.css"


@cache
def is_possible() -> bool:
    """WeasyPrint is an extra, and Pango the system's: where one is left out, people print the page."""
    return bool(importlib.util.find_spec("weasyprint") and find_library("pango-1.0"))


def as_pdf(context) -> bytes:
    from weasyprint import CSS, HTML  # it loads Pango, which only this needs
    from weasyprint.urls import URLFetcher

    nothing = URLFetcher(allowed_protocols=())  # no file of another place is fetched for it (P33)
    page = HTML(string=render_to_string("research/playback_pdf.html", context), url_fetcher=nothing)
    return page.write_pdf(stylesheets=[CSS(string=STYLE.read_text())], pdf_variant="pdf/ua-1")
