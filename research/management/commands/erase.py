from django.core.management.base import BaseCommand

from research import erasure


class Command(BaseCommand):
    help = "Delete the research data whose time is over, and what was deleted since a backup was made. May run again."

    def handle(self, **options):
        again = erasure.erase_again()
        due = erasure.erase_what_is_due()
        if again or due:
            self.stdout.write(
                f"Deleted again after a restore: {again} sessions and rounds. Their time was over: {due} rounds.\n"
            )
