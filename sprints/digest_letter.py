"""A digest as the letter that one person gets: subject, complete plain text, and the same as HTML."""

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from teams import unsubscribing
from teams.models import Letter, OutgoingMail

KINDS = {False: Letter.DIGEST, True: Letter.WAITING_ON_YOU}


@dataclass(frozen=True)
class Written:
    """What all who get a digest have in common. Only the way out at the foot is each reader's own."""

    digest: object
    text: str
    body: str
    team_id: int

    @property
    def kind(self):
        return KINDS[self.digest.personal]

    def way_out_for(self, user) -> str:
        return unsubscribing.link(self.kind, user.pk, None if self.digest.personal else self.team_id)

    def text_for(self, user) -> str:
        return self.text + self._foot("txt", user)

    def body_for(self, user) -> str:
        """What stands inside the letter's <body>; the preview page shows the same. Both templates escape."""
        return mark_safe(self.body + self._foot("html", user))

    def letter_to(self, user, dedupe=None) -> OutgoingMail:
        """A row for the outbox."""
        page = {"subject": self.digest.subject, "body": self.body_for(user)}
        return OutgoingMail(
            kind=self.kind,
            to=user.email,
            user=user,
            team_id=self.team_id,
            subject=self.digest.subject,
            text=self.text_for(user),
            html=render_to_string("sprints/email/digest_page.html", page),
            headers=self._headings(user),
            dedupe=dedupe,
        )

    def _headings(self, user):
        name = f"{self.digest.slug}.{'waiting' if self.digest.personal else 'digest'}"
        return unsubscribing.headings(
            self.way_out_for(user), name, f"Unsubscribe from the digest of {self.digest.team}"
        )

    def _foot(self, form, user):
        words = {"digest": self.digest, "unsubscribe": self.way_out_for(user), "site_url": settings.SITE_URL}
        return render_to_string(f"sprints/email/digest_foot.{form}", words)


def write(digest, team) -> Written:
    words = {"digest": digest, "site_url": settings.SITE_URL}
    text, body = (render_to_string(f"sprints/email/digest.{form}", words) for form in ("txt", "html"))
    return Written(digest, text, body, team.pk)
