from importlib.util import find_spec

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database to the state this version expects. May run again at any time."

    def handle(self, **options):
        call_command("migrate", interactive=False)
        call_command("createcachetable")
        if settings.DEMO and find_spec("config.management.commands.demo"):
            call_command("demo")
