from django.conf import settings
from django.core.management.base import BaseCommand

from teams import first_start


class Command(BaseCommand):
    help = "Print the one-time code for /setup/, while there is no account yet."

    def handle(self, **options):
        if not first_start.is_due():
            self.stderr.write("There are accounts already, so there is nothing to set up.")
            return
        self.stdout.write(f"Open {settings.SITE_URL}/setup/ and enter the code {first_start.new_code()}")
