from django.core.management.base import BaseCommand

from sprints.morning import send_due
from teams.mail import send_waiting, sweep


class Command(BaseCommand):
    help = (
        "Send the digests that are due, once: for cron each minute, where no Celery runs. May run beside the workers."
    )

    def handle(self, **options):
        self.stdout.write(f"Teams that had their morning: {send_due()}")
        sweep()
        self.stdout.write(f"Letters offered to the mail server: {send_waiting()}")
