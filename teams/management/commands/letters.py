from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from teams.models import OutgoingMail


class Command(BaseCommand):
    help = "List the letters that need a person: those that failed, and those that nobody knows whether they arrived."

    def add_arguments(self, parser):
        parser.add_argument("--send-again", type=int, metavar="NUMBER", help="queue this one again")

    def handle(self, send_again, **options):
        if send_again:
            return self.send_again(send_again)
        for letter in OutgoingMail.objects.that_need_a_person():
            about = f"{letter.pk}  {letter.made_at:%d %b %Y %H:%M}  {letter.state:8}  {letter.kind} to {letter.to}"
            self.stdout.write(f"{about}: {letter.problem}")

    def send_again(self, number):
        letter = OutgoingMail.objects.that_need_a_person().filter(pk=number).first()
        if letter is None:
            raise CommandError(f"No letter {number} has failed or is unknown")
        try:
            letter.send_again()
        except ValidationError as problem:
            raise CommandError(problem.message) from None
        self.stdout.write(f"Letter {number} waits to be sent again")
