"""A review session as the room runs it, in tests."""

import re
from html import unescape

from django.urls import reverse

from backlog.models import ReviewSession
from tests.factories import ready_opportunity


def a_session(team, by, count=3):
    for number in range(count):
        ready_opportunity(team, by, title=f"Tenants wait {number}", recommendation="Say how long")
    session = ReviewSession.objects.prepare(team, "Housing review", by=by)
    session.start(by=by)
    return session


def address(name, session, *args):
    return reverse(f"backlog:{name}", args=[session.team.slug, session.pk, *args])


def hidden(page):
    """The hidden fields and words of the form, as a browser would send them back."""
    text = page if isinstance(page, str) else page.text
    sent = dict(re.findall(r'<input type="hidden" name="(key|seen)" value="([^"]*)"', text))
    words = dict(re.findall(r'<textarea[^>]*name="(title|recommendation)" form="decide"[^>]*>([^<]*)</textarea>', text))
    return sent | {name: unescape(value) for name, value in words.items()}


def post(client, session, position, answers, page=None, **extra):
    page = page or client.get(address("review_item", session, position))
    return client.post(address("review_decide", session, position), hidden(page) | answers, **extra)


def forward(theme, value=8, size=2):
    return {"themes": [theme.pk], "value": value, "size": size, "outcome": "take_forward", "do": "save"}


def item(session, position):
    return session.items.for_page().get(position=position)


def text_of(response):
    return " ".join(re.sub(r"<[^>]*>", " ", unescape(response.text)).split())
