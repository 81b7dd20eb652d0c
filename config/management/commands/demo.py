from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from config.management.demo import (
    daily,
    journeys,
    letters,
    mornings,
    opportunities,
    places,
    playbacks,
    research,
    review,
    sprints,
    stories,
)
from config.management.demo.days import Days
from teams.demo import people_by_organisation
from teams.models import Programme, User


class Command(BaseCommand):
    help = "Load the demo programme, once, and print who is in it. Refuses where there is other data."

    def handle(self, **options):
        if not is_loaded():
            if User.objects.exists() or Programme.objects.exists():
                raise CommandError("This database holds a programme already, so the demo is not added to it.")
            load(Days(timezone.localdate()))
        self.stdout.write("Sign in as one of these people; each is a button on the sign-in page:\n")
        for organisation, people in people_by_organisation().items():
            self.stdout.write(f"\n  {organisation}")
            for person in people:
                self.stdout.write(f"    {person.user.name:22} {' · '.join(person.places)}")


def is_loaded() -> bool:
    return User.objects.filter(email=places.ADMINISTRATOR).exists()


@transaction.atomic
def load(days):
    for part in (places, journeys, opportunities, research, review, stories, sprints, daily, mornings, playbacks):
        part.load(days)
    research.load_stories(days)
    letters.load(days)
