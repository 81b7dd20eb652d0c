"""Logs that can be kept: JSON lines in UTC, without people's words (P18).

What an exception says is left out, for it quotes what somebody typed: PostgreSQL prints the key of a unique
violation, int() its argument. Its type and the way it took are enough to find the fault.
"""

import datetime as dt
import hashlib
import json
import logging
import re
import traceback

from django.conf import settings
from django.urls import Resolver404, resolve
from django.views.debug import SafeExceptionReporterFilter

ADDRESS = re.compile(r"[^\s@<>\"'(]+@[^\s@<>\"')]+")
TOKEN = re.compile(r"(?=[\w-]*\d)[\w-]{20,}")
OWN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request", "server_time", "data", "taskName"}


class JsonLines(logging.Formatter):
    def format(self, record):
        line = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": redacted(message_of(record)),
        }
        line |= {name: plain(value) for name, value in vars(record).items() if name not in OWN}
        if hasattr(record, "request"):
            line |= about_request(record.request)
        if record.exc_info and record.exc_info[1]:
            line["error"] = about_error(record.exc_info[1])
        return json.dumps(line)


def message_of(record):
    """Django puts the address into it, which may hold a token, and Celery the exception, which may hold words."""
    text = record.getMessage()
    if hasattr(record, "request"):
        text = text.replace(getattr(record.request, "path", "") or "\0", kind_of_page(record.request))
    if record.exc_info and record.exc_info[1]:
        text = without_words_of(record.exc_info[1], text)
    return text


def without_words_of(error, text):
    for words in (repr(error), str(error)):
        if words:
            text = text.replace(words, type(error).__name__)
    return text


def redacted(text):
    return TOKEN.sub("[token]", ADDRESS.sub("[address]", text))


def plain(value):
    return value if isinstance(value, int | float | bool | None) else redacted(str(value))


def about_request(request):
    return {
        "method": getattr(request, "method", None),
        "page": kind_of_page(request),
        "session": session_of(request),
    }


def kind_of_page(request):
    try:
        return resolve(request.path).route
    except (Resolver404, AttributeError):
        return "none of ours"


def session_of(request):
    """The same for all requests of a session, and of no use to sign in with."""
    key = getattr(request, "COOKIES", {}).get(settings.SESSION_COOKIE_NAME)
    return hashlib.sha256(key.encode()).hexdigest()[:12] if key else None


def about_error(error):
    told = {"type": type(error).__name__, "way": [way(frame) for frame in traceback.extract_tb(error.__traceback__)]}
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis:  # what PostgreSQL found wrong, but not with what
        told |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
    if error.__cause__:
        told["cause"] = type(error.__cause__).__name__
    return told


def way(frame):
    path = frame.filename.rpartition("site-packages/")[2].removeprefix(f"{settings.BASE_DIR}/")
    return f"{path}:{frame.lineno} {frame.name}"


class NothingToShow(SafeExceptionReporterFilter):
    """Django's error report, whoever prints it, names no value: neither of forms nor of variables or settings."""

    def is_active(self, request):
        return True

    def get_post_parameters(self, request):
        return dict.fromkeys(request.POST, self.cleansed_substitute) if request else {}

    def get_traceback_frame_variables(self, request, tb_frame):
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]

    def get_safe_request_meta(self, request):
        return {}

    def get_safe_cookies(self, request):
        return {}
