from django.core.management.base import BaseCommand

from teams.jobs import do_next


class Command(BaseCommand):
    help = "Do the background work that is waiting, such as imports: for cron, where no Celery runs."

    def handle(self, **options):
        done = 0
        while do_next():
            done += 1
        self.stdout.write(f"Jobs done: {done}")
