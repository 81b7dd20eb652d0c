"""Playbacks that are due, as a section of the digest."""

import datetime as dt
from collections import defaultdict

from django.utils import timezone

from research.models import Playback
from sprints.digest import Line

SOON = dt.timedelta(days=7)


def due(teams, since) -> dict:
    """Team → its shared playbacks whose day to reply is near or over, new ones marked."""
    today = timezone.localdate()
    found = defaultdict(list)
    for one in Playback.objects.due_by(teams, today + SOON).with_counts():
        answers = f"{one.given} of {one.total * one.now} answers given"
        when = "reply was due" if one.reply_by < today else "reply by"
        words = f"{when} {one.reply_by.day} {one.reply_by:%B}, {answers}"
        found[one.team_id].append(Line(one.title, words, one.get_absolute_url(), one.created_at > since[one.team_id]))
    return found
