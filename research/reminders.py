"""Letters before the data of a round is deleted, to those who answer for it."""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from research.models import Round
from research.models.round import REMINDERS
from teams import mail
from teams.models import Membership
from teams.permissions import Role


def remind() -> int:
    """A letter at 30 and at 7 days to the researchers and delivery managers; each only once for each date."""
    today = timezone.localdate()
    sent = 0
    for round_ in Round.objects.kept().filter(delete_by__range=(today, today + dt.timedelta(max(REMINDERS)))):
        left = (round_.delete_by - today).days
        notice = min(days for days in REMINDERS if left <= days)
        for person in _who_answers_for(round_.team):
            _remind(round_, person, left, notice)
            sent += 1
    return sent


def tell_administrators(asked):
    """Somebody wants to keep data longer than the programme does."""
    round_, team = asked.round, asked.round.team
    address = settings.SITE_URL + reverse("research:programme_data", args=[team.programme.slug])
    for admin in team.programme.admins.filter(user__is_active=True).select_related("user"):
        mail.post(
            "research retention",
            to=admin.user.email,
            user=admin.user,
            subject=f"{team} asks to keep research data longer",
            text=f"{asked.asked_by.name} asks to keep the data of “{round_}” until "
            f"{asked.until.day} {asked.until:%B %Y}.\n\nTheir reason:\n{asked.why}\n\nAllow or refuse it:\n{address}\n",
            dedupe=f"retention-longer-{asked.pk}-{admin.user_id}",
        )


def _who_answers_for(team):
    roles = [Role.RESEARCHER, Role.DELIVERY_MANAGER]
    members = Membership.objects.current().filter(team=team, role__in=roles, user__is_active=True)
    return [one.user for one in members.select_related("user")]


def _remind(round_, person, left, notice):
    address = settings.SITE_URL + reverse("research:round", args=[round_.team.slug, round_.pk])
    day = f"{round_.delete_by.day} {round_.delete_by:%B %Y}"
    mail.post(
        "research retention",
        to=person.email,
        user=person,
        subject=f"Research data of {round_.team} is deleted on {day}",
        text=f"The notes and participants of “{round_}” are deleted on {day}, in {left} days.\n\n"
        "Before then, make sure that every finding can be read without the notes it rests on.\n"
        f"{address}\n",
        dedupe=f"retention-{round_.pk}-{round_.delete_by}-{notice}-{person.pk}",
    )
