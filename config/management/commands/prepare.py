from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from teams import first_start
from teams.second_factor import close_secrets_anew


class Command(BaseCommand):
    help = "Bring the database to the state this version expects. May run again at any time."

    def add_arguments(self, parser):
        parser.add_argument("--words", type=Path, help="a file for what the person who starts this should read last")

    def handle(self, words=None, verbosity=1, **options):
        call_command("migrate", interactive=False, verbosity=verbosity)
        call_command("createcachetable", verbosity=verbosity)
        call_command("erase")  # a restored backup may hold what was deleted since
        if settings.SECRET_KEY_FALLBACKS:
            close_secrets_anew()
        with words.open("w") if words else nullcontext(self.stdout) as out:
            if settings.DEMO and find_spec("config.management.commands.demo"):
                call_command("demo", stdout=out)
            if first_start.is_due():
                call_command("setup_code", stdout=out)
