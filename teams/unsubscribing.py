"""The way out that each regular letter carries, for people and for mail programs (RFC 8058).

A link is a capability: whoever holds it can switch this one kind of letter off or on for this one person, and do
nothing else. It needs no row and never expires, for letters are kept for years.
"""

from email.utils import parseaddr
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from teams.models import Letter, Team, User

SIGNER = Signer(salt="unsubscribe")


def link(kind, user_id, team_id=None) -> str:
    token = SIGNER.sign_object([kind, user_id, team_id])
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"


def read(token):
    """(kind, person, team or None) of a link that we made, or None."""
    try:
        kind, user_id, team_id = SIGNER.unsign_object(token)
    except (BadSignature, ValueError):
        return None
    user = User.objects.filter(pk=user_id).first()
    team = Team.objects.select_related("programme").filter(pk=team_id).first() if team_id else None
    if not user or (team_id and not team):
        return None
    return Letter(kind), user, team


def headings(unsubscribe, name, subject) -> dict:
    """What a mail program wants to know of a letter that comes regularly. `name` tells one list from another."""
    monitored = parseaddr(settings.REPLY_TO_EMAIL)[1]
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Reply-To": settings.REPLY_TO_EMAIL,
        "List-Id": f"<{name}.{host}>",
        "List-Unsubscribe": f"<{unsubscribe}>, <mailto:{monitored}?subject={quote(subject)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
