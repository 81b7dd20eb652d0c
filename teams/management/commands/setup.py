from getpass import getpass
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from teams import first_start
from teams.account_forms import FirstStartForm
from teams.permissions import TEAM_ROLES, Role

QUESTIONS = {
    "name": "Your name",
    "email": "Your email address",
    "organisation": "Organisation",
    "programme": "Programme",
    "team": "First team",
    "prefix": "Letters before the team’s reference numbers, 2 to 5, like HOU",
}


class Command(BaseCommand):
    help = "Make the first administrator, programme and team. What is not given as an argument is asked for."

    def add_arguments(self, parser):
        for name, question in QUESTIONS.items():
            parser.add_argument(f"--{name}", help=question)
        roles = [role.value for role in TEAM_ROLES]
        parser.add_argument("--role", choices=[*roles, "none"], default=Role.PRODUCT_OWNER.value)
        parser.add_argument("--password-file", help="a file that holds nothing but the password")

    def handle(self, **options):
        if not first_start.is_due():
            raise CommandError("There are accounts already: invite people from the People page.")
        given = {name: options[name] for name in QUESTIONS if options[name]}
        given["role"] = "" if options["role"] == "none" else options["role"]
        if options["password_file"]:
            given["password"] = Path(options["password_file"]).read_text().rstrip("\n")
        try:
            user = self.begin(given)
        except (EOFError, KeyboardInterrupt):
            self.stderr.write("")  # the question has its line to itself
            raise CommandError("Stopped before the end: nothing was set up.") from None
        self.stdout.write(f"{user} can sign in as {user.email}.")

    def begin(self, given):
        """Ask until it is right: nobody should type six answers again for the sake of the last."""
        answers = dict(given)
        while True:
            for name in [*QUESTIONS, "password"]:
                if name not in answers:
                    answers[name] = self.ask(name)
            form = FirstStartForm(answers)
            if form.is_valid() and (user := form.begin()):
                return user
            for name, problems in form.errors.items():
                if name in given or name not in answers:
                    raise CommandError(" ".join(problems))
                self.stderr.write(". ".join(words.rstrip(".") for words in problems))
                del answers[name]

    def ask(self, name):
        if name != "password":
            return input(f"{QUESTIONS[name]}: ")
        password = getpass("Choose a password of at least 15 characters: ")
        while getpass("The same again: ") != password:
            self.stderr.write("These were not the same")
            password = getpass("Choose a password of at least 15 characters: ")
        return password
