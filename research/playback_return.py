"""What a letter to somebody without an account carries: a way back to the playback, and a way out of its letters (P9).

Neither opens anything, for letters are handed on and mail programs follow their links. Whoever holds the way back can
have a code sent to the mailbox the letter came to, and only that code opens; whoever holds the way out can stop these
letters and have them again. They need no row: the share link that the person came through says whether they are good.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from research.models import Reviewer, ShareLink

BACK, OUT = Signer(salt="playback.way back"), Signer(salt="playback.way out")


def way_back(reviewer) -> str:
    return f"{settings.SITE_URL}{reverse('playbacks:come_back', args=[BACK.sign_object(reviewer.pk)])}"


def way_out(reviewer) -> str:
    return f"{settings.SITE_URL}{reverse('playbacks:stop_letters', args=[OUT.sign_object(reviewer.pk)])}"


def link_behind(token) -> ShareLink | None:
    """The link that this letter's reader last came through, which knows its `reviewer`; None once either has ended."""
    reviewer = _reviewer(BACK, token)
    link = ShareLink.objects.open().last_of(reviewer) if reviewer and not reviewer.removed_at else None
    if link is None or not link.lets_answer(reviewer.email):
        return None
    link.reviewer = reviewer
    return link


def whose_letters(token) -> Reviewer | None:
    return _reviewer(OUT, token)


def _reviewer(signer, token):
    try:
        return Reviewer.objects.guests().filter(pk=signer.unsign_object(token)).first()
    except (BadSignature, ValueError):
        return None
