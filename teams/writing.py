"""A letter as the bytes that go over the wire."""

from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import utf8_charset_qp


def as_bytes(letter) -> bytes:
    """The same headings at every attempt, so that a reader's mail program can tell a repetition."""
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.to],
        headers={
            "Message-ID": message_id(letter),
            "Date": format_datetime(letter.made_at),
            "Auto-Submitted": "auto-generated",  # no out-of-office answers, please
            "X-Auto-Response-Suppress": "All",  # the same for Exchange
            **letter.headers,
        },
    )
    message.encoding = utf8_charset_qp  # plain ASCII on the wire: not every server takes eight bits
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message.message().as_bytes(linesep="\r\n")


def message_id(letter) -> str:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<letter-{letter.pk}-{letter.made_at:%Y%m%d%H%M%S%f}@{domain}>"


def one_line(text: str) -> str:
    """A heading in which no second heading can hide."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
