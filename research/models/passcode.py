import datetime as dt
import secrets

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from .reviewer import Reviewer
from .share_link import ShareLink

GOOD_FOR = dt.timedelta(minutes=15)
MOST_TRIES = 5
DIGITS = 8
KEPT_FOR = dt.timedelta(days=1)


class PasscodeQuerySet(models.QuerySet):
    def make(self, link, email):
        """(passcode, its digits). The digits are told once, by letter, and not kept."""
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        passcode = self.create(link=link, email=email, expires_at=timezone.now() + GOOD_FOR)
        passcode.code_hash = hashed(passcode.pk, code)
        passcode.save(update_fields=["code_hash"])
        return passcode, code

    def forget_old(self):
        return self.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()


class Passcode(models.Model):
    """A one-time code sent to an address: whoever types it in the same browser reads what comes there (P9)."""

    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="passcodes")
    email = models.EmailField()
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
        """Who they are from now on, once. None for what is wrong, late, used or tried too often; each try counts.

        Raises ValidationError for somebody whom the team has sent away.
        """
        now = timezone.now()
        self.refresh_from_db(from_queryset=Passcode.objects.select_for_update(of=("self",)))
        if self.used_at or self.expires_at <= now or self.tries >= MOST_TRIES:
            return None
        self.tries += 1
        self.used_at = now if constant_time_compare(self.code_hash, hashed(self.pk, typed)) else None
        self.save(update_fields=["tries", "used_at"])
        return Reviewer.objects.let_in(self.link, self.email) if self.used_at else None


def hashed(pk, code) -> str:
    """Keyed: eight digits alone would be found from their hash in a moment."""
    return salted_hmac("research.passcode", f"{pk}:{code}", algorithm="sha256").hexdigest()
