"""What is said to the mail server, step by step, so that the fence can stand between its yes and the body.

A `Refused` is a certain no. Whatever else is raised (smtplib.SMTPException, OSError) is no answer: before the body
went out the letter has not been taken, afterwards nobody knows.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from email.utils import parseaddr

from django.conf import settings
from django.utils.encoding import punycode


class Unreachable(Exception):
    """No line: the fault is the mail server's or our settings', not the letter's."""


class Refused(Exception):
    def __init__(self, stage, code, words):
        super().__init__(f"{stage}: {code} {words.decode('ascii', 'replace')}")
        self.code = code
        self.closes_line = code == 421
        # A no to our own address is about our settings: it may be put right before the letter is too late.
        self.final = code >= 500 and stage != "MAIL"


class Line:
    """An open SMTP session."""

    def __init__(self):
        try:
            self.smtp = _connect()
        except (smtplib.SMTPException, OSError) as problem:
            raise Unreachable(f"{type(problem).__name__}: {problem}"[:200]) from None

    def offer(self, to):
        """Ask whether it would take a letter to this address. After that it expects the body."""
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        try:
            self._expect("MAIL", 250, self.smtp.mail(envelope(sender)))
            self._expect("RCPT", 250, self.smtp.rcpt(envelope(to)))
            self._expect("DATA", 354, self.smtp.docmd("DATA"))
        except Refused as reply:
            if not reply.closes_line:
                self._expect("RSET", 250, self.smtp.rset())
            raise

    def hand_over(self, body):
        self.smtp.send(up_to_the_dot(body))
        self._expect("body", 250, self.smtp.getreply())

    def hang_up(self):
        self.smtp.close()

    def say_goodbye(self):
        with suppress(smtplib.SMTPException, OSError):
            self.smtp.quit()

    def _expect(self, stage, wanted, reply):
        code, words = reply
        if 400 <= code < 600:
            raise Refused(stage, code, words)
        if code // 10 != wanted // 10:
            raise smtplib.SMTPServerDisconnected(f"{stage}: {code} is no answer")


class Mailbox:
    """In the demo nothing leaves the machine: the outbox itself is the mailbox that /mail/ shows. It takes every
    letter, so that claim, fence and result are those of the real thing."""

    def offer(self, to):
        pass

    def hand_over(self, body):
        pass

    def hang_up(self):
        pass

    say_goodbye = hang_up


def envelope(address: str) -> str:
    """With the domain as the mail system knows it. A local part beyond ASCII raises ValueError."""
    local, _, domain = address.rpartition("@")
    return f"{local.encode('ascii').decode()}@{punycode(domain)}"


def up_to_the_dot(body: bytes) -> bytes:
    """A line of a single dot ends the letter, so dots that begin a line are doubled (RFC 5321 §4.5.2)."""
    end = b".\r\n" if body.endswith(b"\r\n") else b"\r\n.\r\n"
    return re.sub(rb"(?m)^\.", b"..", body) + end


def _connect():
    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    trust = ssl.create_default_context()
    if settings.EMAIL_USE_SSL:
        smtp = smtplib.SMTP_SSL(host, port, timeout=settings.EMAIL_TIMEOUT, context=trust)
    else:
        smtp = smtplib.SMTP(host, port, timeout=settings.EMAIL_TIMEOUT)
    try:
        if settings.EMAIL_USE_TLS:
            smtp.starttls(context=trust)
        if settings.EMAIL_HOST_USER:
            smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        smtp.close()
        raise
    return smtp
