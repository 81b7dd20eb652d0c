"""The digests of a programme, for whoever keeps it running: which went, which wait, which need a person."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sprints.morning import longest_due
from sprints.this_morning import mornings_of
from teams.access import for_programme
from teams.calendar import local_today
from teams.models import OutgoingMail
from teams.permissions import Can


@require_http_methods(["GET", "HEAD"])
@for_programme(Can.MANAGE_PROGRAMME)
def programme_digests(request, programme):
    now, letters = timezone.now(), OutgoingMail.objects
    context = {
        "programme": programme,
        "tab": "digests",
        "now": now,
        "day": local_today(now),
        "mornings": mornings_of(programme, now),
        "post_office": [  # of the whole site: it has one
            ("Minutes the oldest digest is late", longest_due(now) // 60),
            ("Minutes the oldest letter waits", letters.longest_wait() // 60),
            ("Letters waiting", letters.unsettled().count()),
            ("Letters unknown", letters.unknown().count()),
        ],
    }
    return render(request, "sprints/programme_digests.html", context)
