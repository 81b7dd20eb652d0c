"""Long work, one row at a time. A function named in `settings.JOBS` receives the row and may be started again from
the beginning after its worker died, so it must do no harm when it runs twice."""

import logging
import time

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError
from django.utils.module_loading import import_string

from teams.models import Job
from teams.models.job import LostJob

log = logging.getLogger(__name__)
ROUND = 60  # seconds after which a worker takes up no further job


def do_waiting():
    off_at = time.monotonic() + ROUND
    while time.monotonic() < off_at and do_next():
        pass


def do_next() -> bool:
    """Do one job. False when none is waiting."""
    job = Job.objects.take()
    if job is None:
        return False
    try:
        problem = _problem_of_doing(job)
        if problem:
            job.fail(problem)
        else:
            job.finish()
    except LostJob:
        log.warning("A job went to another worker", extra={"job": job.pk})
    return True


def _problem_of_doing(job) -> str:
    """What went wrong, as a sentence for the person who asked; empty when all went well."""
    try:
        import_string(settings.JOBS[job.kind])(job)
    except ValidationError as problem:
        return " ".join(problem.messages)
    except SoftTimeLimitExceeded:
        return "The work took longer than half an hour and was stopped"
    except (LostJob, OperationalError, InterfaceError):
        raise  # where the database is away, the job is taken up again when its lease is over
    except Exception:  # whatever it is, whoever waits for the job is told, and the next one is done
        log.exception("A job failed", extra={"job": job.pk, "kind": job.kind})
        return "Something went wrong on our side, so the work was stopped"
    return ""
