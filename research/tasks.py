"""What runs by the clock. Tasks hold no rules and may run twice."""

from celery import shared_task

from research import erasure, evidence, ledger, playback_reminders, reminders
from research.models import Passcode


@shared_task
def keep_promises():
    """Delete what is due, and say what soon will be."""
    erasure.erase_what_is_due()
    reminders.remind()
    ledger.catch_up()
    Passcode.objects.forget_old()


@shared_task
def remind_reviewers():
    playback_reminders.remind()


@shared_task
def recount_evidence():
    evidence.recount_all()
