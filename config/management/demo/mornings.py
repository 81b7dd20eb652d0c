"""The digests of the last working days, as their teams got them."""

from config.management.demo.clock import at
from config.management.demo.days import Days
from sprints.models import DigestClock
from sprints.morning import send_due
from sprints.sending import USUAL

MORNINGS = 5


def load(days: Days):
    for back in range(MORNINGS, 0, -1):
        now = days.back(back, USUAL.hour, USUAL.minute)
        DigestClock.objects.all().delete()  # nobody looked before: what is older than the demo was not missed
        with at(now):
            send_due(now)
    DigestClock.objects.all().delete()
