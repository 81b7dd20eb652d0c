from getpass import getpass

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from teams import first_start
from teams.permissions import TEAM_ROLES, Role

QUESTIONS = {
    "name": "Your name",
    "email": "Your email address",
    "organisation": "Organisation",
    "programme": "Programme",
    "team": "First team",
    "prefix": "Reference prefix of the team (2 to 5 capital letters, like HOU)",
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
        answers = {name: options[name] or input(f"{question}: ").strip() for name, question in QUESTIONS.items()}
        role = "" if options["role"] == "none" else options["role"]
        try:
            user = first_start.begin(**answers, role=role, password=self.password(options["password_file"]))
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        self.stdout.write(f"{user} can sign in as {user.email}.")

    def password(self, file):
        if not file:
            return getpass("Choose a password: ")
        with open(file) as lines:
            return lines.read().rstrip("\n")
