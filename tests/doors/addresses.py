"""Every pattern of the product, and an address of it in a world."""

import re

from django.urls import URLPattern, get_resolver

METHODS = ["GET", "POST"]  # HEAD must answer as GET does, and the rest with 405
SIGNED_LINK = "open-sesame"


def every_pattern(patterns=None, before=""):
    """(pattern as text, view) of each URL."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        text = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield text, one.callback
        else:
            yield from every_pattern(one.url_patterns, text)


def address(pattern, world):
    """The address in which each part of the pattern names the world's own thing."""
    text = re.sub(r"^\^|\\Z$", "", pattern)
    text = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", text)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda part: str(_value(part[1], pattern, world)), text)


def _value(name, pattern, world):
    plain = {
        "team": world.team.slug,
        "programme": world.programme.slug,
        "reference": world.story.reference
        if pattern.startswith("stories/") or "/cards/" in pattern
        else world.opportunity.reference,
        "review": world.review.pk,
        "journey": world.stage.journey.slug,
        "stage": world.stage.pk,
        "touchpoint": world.touchpoint.pk,
        "position": 1,
        "what": _what(pattern),
        "playback": world.playback.pk,
        "item": world.item.pk,
        "reviewer": world.reviewer.pk,
        "link": world.link.pk,
        "round": world.finding.round_id,
        "session": world.observation.session_id,
        "finding": world.finding.pk,
        "observation": world.observation.pk,
        "name": "keyboard",
        "token": SIGNED_LINK,
        "key": SIGNED_LINK,
        "uidb36": "1",
        "blocker": world.blocker.number,
        "day": world.talk.day,
        "talk": world.talk.pk,
        "membership": world.team.memberships.get(user=world.people["member"]).pk,
        "number": world.sprint.number if "sprints/" in pattern else 1,
    }
    if name in plain:
        return plain[name]
    for part, thing in world.things.items():
        if part in pattern:
            return thing.pk
    raise LookupError(f"tests/doors/world.py has no {name} for {pattern}")


def _what(pattern):
    words = {"/into/": "story", "/pick/": "opportunities", "/write/": "made"}
    return next((what for part, what in words.items() if part in pattern), "take-back")
