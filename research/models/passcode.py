import datetime as dt
import secrets

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from teams.models.idempotency import SECOND_CLICK

from .reviewer import Reviewer
from .share_link import ShareLink

GOOD_FOR = dt.timedelta(minutes=15)
MOST_TRIES = 5
DIGITS = 8
KEPT_FOR = dt.timedelta(days=1)


class PasscodeQuerySet(models.QuerySet):
    def make(self, link, email, key=None):
        """(passcode, its digits). The digits are told once, by letter, and not kept."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        passcode = self.create(link=link, email=email, key=key, expires_at=timezone.now() + GOOD_FOR)
        passcode.code_hash = hashed(passcode.pk, code)
        passcode.save(update_fields=["code_hash"])
        return passcode, code

    def just_asked_for(self, email, key):
        """By the first of two clicks on one form. Somebody who comes back to the form later wants another letter."""
        return self.filter(email=email, key=key, made_at__gt=timezone.now() - SECOND_CLICK).first()

    def forget_old(self):
        return self.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()


class Passcode(models.Model):
    """A one-time code sent to an address: whoever types it in the same browser reads what comes there (P9)."""

    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="passcodes")
    email = models.EmailField()
    key = models.UUIDField(null=True, editable=False)  # of the form it was asked for with
    code_hash = models.CharField(max_length=64, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    objects = PasscodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_passcode_is_tried_a_few_times", condition=Q(tries__lte=MOST_TRIES))
        ]

    def __str__(self):
        return f"Passcode {self.pk}"  # without the address, so that it can stand in a log

    @transaction.atomic
    def enter(self, typed) -> Reviewer | None:
        """Who they are from now on. None for what is wrong, late, used or tried too often; each try counts.

        Raises ValidationError for somebody whom the team has sent away. It is good once; the second click of the same
        browser, whose first answer may never have arrived, is the same once.
        """
        now = timezone.now()
        self.refresh_from_db(from_queryset=Passcode.objects.select_for_update(of=("self",)))
        if min(self.expires_at, (self.used_at or now) + SECOND_CLICK) <= now or self.tries >= MOST_TRIES:
            return None
        is_right = constant_time_compare(self.code_hash, hashed(self.pk, typed))
        self.tries += 1
        self.used_at = self.used_at or (now if is_right else None)
        self.save(update_fields=["tries", "used_at"])
        return Reviewer.objects.let_in(self.link, self.email) if is_right else None


def hashed(pk, code) -> str:
    """Keyed: eight digits alone would be found from their hash in a moment."""
    return salted_hmac("research.passcode", f"{pk}:{code}", algorithm="sha256").hexdigest()
