"""The template environment: globals, filters, and the functions through which a page may show several apps."""

import datetime as dt
import re
from functools import cache, lru_cache, partial

from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles.storage import staticfiles_storage
from django.middleware.csrf import get_token
from django.template.backends.utils import csrf_input
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.html import json_script
from jinja2 import ChainableUndefined, ChoiceLoader, Environment, PackageLoader, PrefixLoader, select_autoescape
from jinja2.utils import missing
from markupsafe import Markup, escape

from backlog import scoring
from backlog.models import Opportunity
from backlog.models.story_steps import listed
from backlog.models.undoing import of_several
from research import thread
from research.models.response import proposed_values
from research.quotes import quotes_for
from sprints.models import Blocker, Sprint
from teams.editing import as_read
from teams.models.idempotency import fresh_key

REFERENCE = re.compile(r"\b[A-Z]{1,5}-\d+\b")
PLAIN = re.compile(r"[A-Za-z0-9-]+")  # a reference or slug, which stands in an address as it is


def environment(**options):
    loaders = [options.pop("loader"), PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    options |= {
        "loader": ChoiceLoader(loaders),
        # Django's own setting would escape plain-text letters too.
        "autoescape": select_autoescape(("html", "xml", "svg"), ("txt",), default=True, default_for_string=True),
        "undefined": Missing,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
    env = Environment(**options)
    env.globals |= ANY_PAGE | SEVERAL_APPS | {name: mark(env, name.removesuffix("_mark")) for name in MARKS}
    env.filters |= {one.__name__: one for one in FILTERS}
    return env


def mark(env, name):
    """A macro of components/mark.html, drawn once for each of its arguments: a list asks for two in every row."""

    @lru_cache(maxsize=2000)
    def drawn(*args):
        return getattr(env.get_template("components/mark.html").module, name)(*args)

    return drawn


class Missing(ChainableUndefined):
    """Printing a name that does not exist fails; the attributes that GOV.UK macros probe for may be absent."""

    def __str__(self):
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()
        return ""

    __html__ = __str__


def everywhere(request):
    """What every page may use beside its own context."""
    return {
        "user": getattr(request, "user", None),
        "standing": getattr(request, "standing", None),
        "site_name": settings.SITE_NAME,
        "demo": settings.DEMO,
        "messages": get_messages(request),
        # Django would mask it anew for each form.
        "csrf_token": SimpleLazyObject(partial(get_token, request)),
        "csrf_input": SimpleLazyObject(partial(csrf_input, request)),
    }


def static(path: str) -> str:
    """The address of a static file; empty where it was not built, so that a page without style is still a page."""
    try:
        return staticfiles_storage.url(path)
    except ValueError:
        return ""


def url(name: str, *args, **kwargs) -> str:
    """The address of a page. One of references, slugs and keys is cut once: a list asks for three in every row."""
    kinds = tuple(map(_kind, args))
    if all(kinds) and not kwargs and (cut := _cut(name, kinds)):
        return cut.format(*args)
    return reverse(name, args=args, kwargs=kwargs)


def _kind(arg) -> type | None:
    """Of what stands in an address as it is."""
    if type(arg) is int and arg >= 0:
        return int
    return str if PLAIN.fullmatch(str(arg)) else None


@cache
def _cut(name, kinds) -> str | None:
    """An address with {} in the places of its arguments; None where it takes only some words, or a key as a word."""
    marks = [9**9 + place if kind is int else f"--{place}--" for place, kind in enumerate(kinds)]
    try:
        address = reverse(name, args=marks)
    except NoReverseMatch:
        return None
    for place, mark in enumerate(marks):
        address = address.replace(str(mark), f"{{{place}}}")
    return address


# --- Dates and times as GOV.UK writes them


def day(date) -> str:
    """23 November 2026"""
    return _day(_local(date))


def weekday(date) -> str:
    """Monday 23 November 2026"""
    date = _local(date)
    return f"{date:%A} {_day(date)}"


def short_weekday(date) -> str:
    """Monday"""
    return f"{_local(date):%A}"


def clock(time) -> str:
    """8:30am"""
    return _clock(_local(time))


def moment(at) -> str:
    """8:30am on 23 November 2026"""
    at = _local(at)
    return f"{_clock(at)} on {_day(at)}"


def lately(at) -> str:
    """8:30am, and of another day 8:30am on 20 November 2026: for what was most likely done a moment ago."""
    return clock(at) if _local(at).date() == timezone.localdate() else moment(at)


def _day(date):
    return f"{date.day} {date:%B %Y}"


def _clock(time):
    hour = time.hour % 12 or 12
    return f"{hour}:{time.minute:02}{'am' if time.hour < 12 else 'pm'}"


def _local(when):
    return timezone.localtime(when) if isinstance(when, dt.datetime) and timezone.is_aware(when) else when


# --- Words


def unbroken(words) -> Markup:
    """With its references kept on one line: a browser may break a line after their hyphen."""
    return Markup(REFERENCE.sub(r'<span class="nowrap">\g<0></span>', str(escape(words))))


# --- Numbers in words


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 opportunity", "9 opportunities"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def people(number: int) -> str:
    return counted(number, "person", "people")


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th"""
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{suffix}"


# --- What templates may call

ANY_PAGE = {
    "static": static,
    "url": url,
    "get_messages": get_messages,
    "fresh_key": fresh_key,
    "as_read": as_read,
    "scoring": scoring,
}
SEVERAL_APPS = {  # a page of one app asks these for what another knows, once for all its rows
    "opportunities_by_theme": Opportunity.objects.counted_by_theme,
    "blockers_on": Blocker.objects.by_story,
    "sprint_of": Sprint.objects.holding,
    "evidence_for": thread.evidence_for,
    "quotes_for": quotes_for,
    "pain_points_at": thread.pain_points_at,
    "proposed_values": proposed_values,
}
MARKS = ["evidence_mark", "status_mark"]
FILTERS = [json_script, day, weekday, short_weekday, clock, moment, lately, people, counted, listed, ordinal, unbroken]
FILTERS += [of_several]
