"""Wake-ups. They carry nothing and may be lost, late or doubled: the rows say what is to be done."""

from celery import shared_task

from teams import jobs, mail, security_log
from teams.models import Attempts
from teams.sessions import SessionStore

HALF_AN_HOUR = 30 * 60


@shared_task
def send_waiting_mail():
    mail.send_waiting()


@shared_task
def sweep_mail():
    mail.sweep()


@shared_task(soft_time_limit=HALF_AN_HOUR, time_limit=HALF_AN_HOUR + 60)
def do_waiting_jobs():
    jobs.do_waiting()


@shared_task
def forget_old_sign_ins():
    """What only takes room: tries that no longer count, sessions that have ended, sign-ins of a year ago."""
    Attempts.forget_old()
    security_log.forget_old()
    SessionStore.clear_expired()
