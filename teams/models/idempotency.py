import uuid

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from .user import User


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
    def first(cls, user, key):
        """The row of a form not sent before, or None when it was. Call it inside the request's transaction."""
        try:
            with transaction.atomic():
                return cls.objects.create(user=user, key=key)
        except IntegrityError:
            return None

    @classmethod
    def answer_to(cls, user, key):
        return cls.objects.filter(user=user, key=key).values_list("answer", flat=True).first()

    def answered_with(self, url):
        self.answer = url
        self.save(update_fields=["answer"])


def fresh_key():
    """The hidden field of a form that makes something."""
    return uuid.uuid4()
