import datetime as dt
import uuid

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .user import User

SECOND_CLICK = dt.timedelta(minutes=1)  # so long after the first it is no slip of the hand


class Submission(models.Model):
    """One rendered form, sent once (P23).

    The row is written in the transaction that makes the thing, so a killed worker leaves no stuck key; a second
    identical POST waits for the first and is then answered with the same address.
    """

    user = models.ForeignKey(User, models.CASCADE)
    key = models.UUIDField()
    answer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="a_form_is_sent_once")]

    @classmethod
    @transaction.atomic
    def once(cls, user, key, make) -> str:
        """The address of what `make()` makes, which is called only the first time this form is sent.

        `make` returns the address, or something that has one. A second, identical POST waits here until the first is
        decided.
        """
        try:
            with transaction.atomic():
                submission = cls.objects.create(user=user, key=key)
        except IntegrityError:
            return cls.objects.get(user=user, key=key).answer
        made = make()
        submission.answer = made if isinstance(made, str) else made.get_absolute_url()
        submission.save(update_fields=["answer"])
        return submission.answer

    @classmethod
    def answered(cls, user, key) -> str:
        """Where a form led that was sent before, for one that is no longer good once it has done its work."""
        return cls.objects.filter(user=user, key=key).values_list("answer", flat=True).first() or ""


def fresh_key() -> uuid.UUID:
    """For the hidden field of a form that makes something."""
    return uuid.uuid4()


def key_of(request) -> uuid.UUID:
    """The key that a form was sent with; a fresh one where there is none to be read."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return fresh_key()
