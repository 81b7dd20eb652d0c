"""When the escalation of a blocker falls due, the delivery manager and the product owner are told; whether it goes
outside the team is theirs to decide.

Each letter has a name that says what it tells of, so telling twice is telling once.
"""

import datetime as dt
from collections import defaultdict

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from sprints import ledger
from sprints.models import Blocker, BlockerLimits
from teams.calendar import LOCAL, is_working_day
from teams.mail import post_many
from teams.models import Letter, Membership, OutgoingMail, SwitchedOff
from teams.permissions import Role

HOURS = range(8, 18)  # local: nobody is told at night
A_DAY = dt.timedelta(days=1)


def tell_of_due(now=None) -> int:
    """Queue the letters of one round; returns how many. May run twice, or at once."""
    now = now or timezone.now()
    here = now.astimezone(LOCAL)
    due = _due(here.date()) if here.hour in HOURS and here.weekday() < 5 else []
    readers = _readers({line.blocker.team_id for line in due})
    letters = [_letter(line, person) for line in due for person in readers[line.blocker.team_id]]
    told = set(OutgoingMail.objects.filter(dedupe__in=[one.dedupe for one in letters]).values_list("dedupe", flat=True))
    news = [one for one in letters if one.dedupe not in told]
    post_many(news, made_at=now, give_up_at=now + A_DAY)
    return len(news)


def _due(today) -> list:
    """Lines of the ledgers of all teams that work today."""
    blockers = [one for one in Blocker.objects.to_escalate().with_people() if _works(one.team, today)]
    limits = BlockerLimits.objects.of_each({one.team_id: one.team for one in blockers}.values())
    return [line for line in ledger.lines(blockers, limits, today) if line.escalation_is_due]


def _works(team, today) -> bool:
    return is_working_day(today, team.division, team.days_closed())


def _readers(teams) -> dict:
    """Team → those who are told: each of them who has not switched it off."""
    off = SwitchedOff.objects.filter(kind=Letter.ESCALATION_DUE).values("user")
    found = Membership.objects.current().filter(team__in=teams, user__is_active=True).exclude(user__in=off)
    readers = defaultdict(list)
    for one in found.filter(role__in=[Role.DELIVERY_MANAGER, Role.PRODUCT_OWNER]).select_related("user"):
        readers[one.team_id].append(one.user)
    return readers


def _letter(line, person):
    blocker = line.blocker
    words = {"line": line, "blocker": blocker, "person": person, "site": settings.SITE_URL}
    # Opened again, or answered and still there, it falls due again.
    since = max(filter(None, [blocker.raised_at, blocker.reopened_at, blocker.answered_at]))
    return OutgoingMail(
        kind=Letter.ESCALATION_DUE,
        to=person.email,
        user=person,
        subject=f"{blocker.team}: a blocker is due to be escalated",
        text=render_to_string("sprints/email/escalation_due.txt", words),
        dedupe=f"{Letter.ESCALATION_DUE}-{blocker.pk}-{since:%Y%m%d}-{person.pk}",
    )
