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
        return self._text(self.way_out_for(user))

    def body_for(self, user) -> str:
        """What stands inside the letter's <body>; the preview page shows the same."""
        return self._body(self.way_out_for(user))

    def letter_to(self, user, dedupe=None) -> OutgoingMail:
        """A row for the outbox."""
        way_out = self.way_out_for(user)  # once, for it is signed
        page = {"subject": self.digest.subject, "body": self._body(way_out)}
        return OutgoingMail(
            kind=self.kind,
            to=user.email,
            user=user,
            team_id=self.team_id,
            subject=self.digest.subject,
            text=self._text(way_out),
            html=render_to_string("sprints/email/digest_page.html", page),
            headers=self._headings(way_out),
            dedupe=dedupe,
        )

    def _text(self, way_out):
        return self.text + self._foot("txt", way_out)

    def _body(self, way_out):
        return mark_safe(self.body + self._foot("html", way_out))  # both templates escape

    def _headings(self, way_out):
        name = f"{self.digest.slug}.{'waiting' if self.digest.personal else 'digest'}"
        return unsubscribing.headings(way_out, name, f"Unsubscribe from the digest of {self.digest.team}")

    def _foot(self, form, way_out):
        words = {"digest": self.digest, "unsubscribe": way_out, "site_url": settings.SITE_URL}
        return render_to_string(f"sprints/email/digest_foot.{form}", words)


def write(digest, team) -> Written:
    words = {"digest": digest, "site_url": settings.SITE_URL}
    text, body = (render_to_string(f"sprints/email/digest.{form}", words) for form in ("txt", "html"))
    return Written(digest, text, body, team.pk)
