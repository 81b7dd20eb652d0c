from django.core.management.base import BaseCommand

from teams.mail import send_waiting, sweep


class Command(BaseCommand):
    help = "Send the letters that are due, once: for cron, where no Celery runs. May run beside the workers."

    def handle(self, **options):
        sweep()
        self.stdout.write(f"Letters offered to the mail server: {send_waiting()}")
