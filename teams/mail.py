"""The post office: letters are queued here, and here they leave. Web code calls `post` and nothing else.

Sending exactly once is beyond SMTP. The doubt falls on the side of never twice (security.md §3): a letter is
claimed, the mail server is asked whether it would take it, a commit says that its body goes out now, and only then
it does. What happened after that commit and cannot be known is `unknown`, shown and counted.
"""

import logging
import smtplib
import time

from django.conf import settings
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from teams.models.mail import A_DAY, SECRETS_KEPT_FOR, OutgoingMail
from teams.models.switched_off import Letter, SwitchedOff
from teams.smtp import Line, Mailbox, Refused, Unreachable
from teams.writing import as_bytes, one_line

log = logging.getLogger(__name__)
ROUND = 45  # seconds; well below the time limit of a task
CANNOT_BE_WRITTEN = "The address or a heading cannot be written in an email"


def post(kind, *, to, subject, text, html="", user=None, secret=False, dedupe=None, headers=None, give_up_after=A_DAY):
    """Queue a letter. It leaves within seconds of the commit of the transaction it is queued in.

    `secret` says that it carries a token: it leaves within the hour or not at all, and its words are not kept.
    Of the letters with the same `dedupe` only the first is queued, and that one is returned. None when the person
    has switched letters of this kind off.
    """
    validate_email(to)
    if user and kind in Letter.values and SwitchedOff.objects.holds_back(kind, user):
        return None
    made_at = timezone.now()
    give_up_after = min(give_up_after, SECRETS_KEPT_FOR) if secret else give_up_after
    letter = dict(
        kind=kind,
        to=to,
        user=user,
        subject=one_line(subject)[:200],
        text=text,
        html=html,
        secret=secret,
        headers=headers or {},
        made_at=made_at,
        not_before=made_at,
        give_up_at=made_at + give_up_after,
    )
    if dedupe is None:
        return OutgoingMail.objects.create(**letter)
    return OutgoingMail.objects.get_or_create(dedupe=dedupe, defaults=letter)[0]


def post_many(letters, *, made_at, give_up_at):
    """Queue letters that are ready as rows, in one statement; those that are queued already stay as they are."""
    for letter in letters:
        letter.subject = one_line(letter.subject)[:200]
        letter.made_at = letter.not_before = made_at
        letter.give_up_at = give_up_at
    OutgoingMail.objects.bulk_create(letters, ignore_conflicts=True)


def send_waiting(limit=100, at_most=ROUND) -> int:
    """Send what is due, in batches over one connection. May run twice, at once, or die at any line."""
    sent = 0
    with Postman(at_most) as postman:
        while postman.on_duty and (letters := OutgoingMail.objects.claim(limit)):
            for letter in letters:
                if not postman.on_duty:
                    break
                postman.deliver(letter)
                sent += 1
            OutgoingMail.objects.put_back(letters[0].claim)
    return sent


def sweep():
    """What dead workers left behind, what came too late, what must not be kept. Run it each minute."""
    with transaction.atomic():
        letters = OutgoingMail.objects
        waiting_again, unknown = letters.take_back_unsent(), letters.mark_unknown()
        too_late = letters.give_up()
        letters.empty_secrets()
        letters.forget_old()
    if waiting_again:
        log.warning("Letters taken back from a stopped worker", extra={"letters": waiting_again})
    if unknown or too_late:
        log.error("Letters need a person", extra={"unknown": unknown, "not_sent_in_time": too_late})


class Postman:
    """One connection to the mail server for many letters. Goes off duty after a while or when nobody answers."""

    def __init__(self, at_most=ROUND):
        self.line = None
        self.off_at = time.monotonic() + at_most
        self.nobody_answers = False

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        if self.line:
            self.line.say_goodbye()

    @property
    def on_duty(self):
        return not self.nobody_answers and time.monotonic() < self.off_at

    def deliver(self, letter):
        try:
            body = as_bytes(letter)
        except Exception as problem:  # whatever a letter is made of, those behind it must not wait for it
            log.error("A letter cannot be written", extra={"letter": letter.pk, "problem": type(problem).__name__})
            return letter.was_refused(CANNOT_BE_WRITTEN)
        try:
            self._open_line().offer(letter.to)
        except Unreachable as problem:
            self.nobody_answers = True
            log.warning("The mail server does not answer", extra={"problem": str(problem)})
        except Refused as reply:
            self._accept_no(letter, reply)
        except ValueError:  # smtplib says so of what no mail server could be told
            letter.was_refused(CANNOT_BE_WRITTEN)
        except (smtplib.SMTPException, OSError) as problem:
            self._hang_up()
            letter.try_again(f"The mail server hung up ({type(problem).__name__})")
        else:
            self._hand_over(letter, body)

    def _hand_over(self, letter, body):
        if not letter.pass_the_fence():
            return self._hang_up()  # without the closing dot the server has nothing
        try:
            self.line.hand_over(body)
        except Refused as reply:
            self._accept_no(letter, reply)
        except (smtplib.SMTPException, OSError) as problem:
            self._hang_up()
            letter.is_in_doubt(f"The mail server did not say whether it took it ({type(problem).__name__})")
            log.error("Letters need a person", extra={"unknown": 1})
        else:
            letter.was_sent()

    def _accept_no(self, letter, reply):
        if reply.closes_line:
            self._hang_up()
        if reply.final:
            letter.was_refused(str(reply))
        else:
            letter.try_again(str(reply))

    def _open_line(self):
        if self.line is None:
            self.line = Mailbox() if settings.MAIL_STAYS_HERE else Line()
        return self.line

    def _hang_up(self):
        line, self.line = self.line, None
        if line:
            line.hang_up()
