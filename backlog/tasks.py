"""What runs by the clock. Tasks hold no rules and may run twice."""

from celery import shared_task

from backlog.models import ImportRun


@shared_task
def forget_old_imports():
    ImportRun.objects.forget_old()
