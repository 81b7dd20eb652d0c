import datetime as dt
import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils import timezone

LIMIT = 10
WITHIN = dt.timedelta(minutes=15)


class Attempts(models.Model):
    """Recent tries to prove who one is that did not succeed, by bucket (P10).

    A try is spent before it is judged and given back when it was right, so that a thousand at once are no more than
    ten. Buckets are hashes: what strangers type into the sign-in form is not kept.
    """

    bucket = models.CharField(max_length=64, unique=True)
    at = ArrayField(models.DateTimeField(), default=list)
    latest = models.DateTimeField(default=timezone.now, db_index=True)

    @classmethod
    @transaction.atomic
    def spend(cls, bucket: str, limit=LIMIT, within=WITHIN) -> bool:
        """Take one of the tries in a bucket. False when none is left: then nothing may be judged."""
        row = cls._locked(bucket)
        now = timezone.now()
        row.at = [at for at in row.at if now - at < within]
        if len(row.at) >= limit:
            return False
        row.at.append(now)
        row.latest = now
        row.save(update_fields=["at", "latest"])
        return True

    @classmethod
    @transaction.atomic
    def give_back(cls, bucket: str):
        row = cls._locked(bucket)
        row.at = row.at[:-1]
        row.save(update_fields=["at"])

    @classmethod
    def forget_old(cls):
        cls.objects.filter(latest__lt=timezone.now() - WITHIN).delete()

    @classmethod
    def _locked(cls, bucket):
        key = hashlib.sha256(bucket.encode()).hexdigest()
        cls.objects.bulk_create([cls(bucket=key)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(bucket=key)
