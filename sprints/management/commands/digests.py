from collections import Counter

from django.core.management.base import BaseCommand
from django.utils import timezone

from sprints.models import DigestRun
from sprints.morning import due, longest_due
from sprints.telling import DIGESTS
from teams.calendar import local_today
from teams.models import OutgoingMail, Team


class Command(BaseCommand):
    help = "Say how this morning went: runs, letters, and the teams that still wait. Names no person."

    def handle(self, **options):
        now = timezone.now()
        runs = DigestRun.objects.on(local_today(now))
        self.say("Teams", runs.values_list("state", flat=True))
        letters = OutgoingMail.objects.filter(kind__in=DIGESTS, dedupe__isnull=False, made_at__date=local_today(now))
        self.say("Letters", letters.values_list("state", flat=True))
        late = due(now)
        self.stdout.write(f"Due and not sent: {len(late)}, the oldest for {longest_due(now)} seconds")
        for team in Team.objects.filter(pk__in=late[:20]):
            self.stdout.write(f"  {team.slug}")

    def say(self, what, states):
        counts = Counter(states)
        self.stdout.write(f"{what}: " + (", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "none"))
