"""What runs by the clock. Tasks hold no rules and may run twice."""

from celery import shared_task

from sprints.escalations import tell_of_due
from sprints.models import DigestRun
from sprints.morning import send_due

ROUND = 45  # seconds; less than a tick, so that two rounds do not write the same letters beside each other


@shared_task
def send_digests():
    send_due(at_most=ROUND)


@shared_task
def tell_of_due_escalations():
    tell_of_due()


@shared_task
def forget_old_digests():
    DigestRun.objects.forget_words()
