"""Wake-ups. They carry nothing and may be lost, late or doubled: the rows say what is to be done."""

from celery import shared_task

from teams import jobs, mail

HALF_AN_HOUR = 30 * 60


@shared_task
def send_waiting_mail():
    mail.send_waiting()


@shared_task
def sweep_mail():
    mail.sweep()


@shared_task(queue="long", soft_time_limit=HALF_AN_HOUR, time_limit=HALF_AN_HOUR + 60)
def do_waiting_jobs():
    jobs.do_waiting()
