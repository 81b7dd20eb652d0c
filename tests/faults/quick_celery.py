"""The product's Celery with a quick beat, for whom it is half past eight on the next working morning.

celery --app tests.faults.quick_celery worker
"""

import django

django.setup()

from config.celery import app  # noqa: E402 - all of this wants Django set up
from sprints import morning, tasks  # noqa: E402
from tests.faults.scenarios import HALF_PAST  # noqa: E402
from tests.faults.work import moment  # noqa: E402

EACH = 1  # second, where the product waits for ten or for a minute

tasks.send_due = lambda at_most: morning.send_due(moment(1, HALF_PAST), at_most)
for wake_up in app.conf.beat_schedule.values():
    if "expires" in wake_up.get("options", {}):
        wake_up.update(schedule=EACH, options={"expires": EACH})
