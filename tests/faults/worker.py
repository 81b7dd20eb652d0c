"""Sends and sweeps for ever, in a child that is forked anew whenever somebody kills it, as Celery's pool does.

    python -m tests.faults.worker [unfenced]

"unfenced" is the control: the same worker with the fence pulled out, which must double letters.
"""

import os
import sys
import time

import django
from django.db import InterfaceError, OperationalError, connection

BATCH = 20


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    if "unfenced" in sys.argv:
        pull_out_the_fence()
    while True:
        child = os.fork()
        if child == 0:
            work()
        os.waitpid(child, 0)


def work():
    from teams.mail import send_waiting, sweep

    while True:
        try:
            send_waiting(limit=BATCH)
            sweep()
        except (OperationalError, InterfaceError):
            connection.close()
        time.sleep(0.1)


def pull_out_the_fence():
    """What is left is a lease alone: a letter is sent again when nobody says within the lease that it was."""
    from teams.models import OutgoingMail

    OutgoingMail.pass_the_fence = lambda letter: True
    OutgoingMail.is_in_doubt = OutgoingMail.try_again


if __name__ == "__main__":
    main()
