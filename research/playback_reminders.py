"""Who has not answered a playback hears of it twice at most: shortly before the day to reply by, and after it."""

import datetime as dt

from django.utils import timezone

from research import playback_letters as letters
from research.models import Playback
from teams.calendar import is_working_day, next_working_day

NEAR = 2  # working days
AROUND = dt.timedelta(days=7)  # holidays and weekends included; what is older is nobody's news


def remind():
    """Each morning. May run twice: a letter of one day and one person is written once."""
    today = timezone.localdate()
    for playback in Playback.objects.to_remind_of(today - AROUND, today + AROUND):
        team, edition = playback.team, playback.current_edition()
        when = which(edition.reply_by, today, team.division, team.days_closed())
        if when:
            for reviewer in playback.reviewers.current().reachable().filter(invited_at__date__lt=today):
                if waiting := _waiting(playback, reviewer):
                    letters.remind(waiting, edition, reviewer, is_late=when == "after")


def _waiting(playback, reviewer):
    """The playback, as far as they have answered it; None when they have, or cannot."""
    if reviewer.user_id is None:
        return Playback.objects.waiting_for_guest(reviewer).first()
    return Playback.objects.waiting_for(reviewer.user).filter(pk=playback.pk).first()


def which(reply_by, today, division, closures) -> str:
    """ "before", "after", or nothing while it is far off or nobody works."""
    if not is_working_day(today, division, closures):
        return ""
    if reply_by < today:
        return "after"
    near = today
    for _ in range(NEAR):
        near = next_working_day(near, division, closures)
    return "before" if reply_by <= near else ""
