"""The people of the demo, as the sign-in page offers them."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from teams.models import Membership, ProgrammeAdmin, ServiceLead, User
from teams.permissions import Role


@dataclass
class Person:
    user: User
    programme: object
    places: list[str] = field(default_factory=list)


def demo_users():
    memberships = Membership.objects.current().select_related("team__programme").order_by("team__name")
    leads = ServiceLead.objects.select_related("service__programme").order_by("service__name")
    admins = ProgrammeAdmin.objects.select_related("programme").order_by("programme__name")
    return (
        User.objects.filter(is_active=True)
        .prefetch_related(
            Prefetch("memberships", memberships), Prefetch("led_services", leads), Prefetch("administered", admins)
        )
        .order_by("pk")
    )


def people_by_organisation() -> dict[str, list[Person]]:
    """Each person once, under the organisation of the first place they have, in the order they were made."""
    organisations = {}
    for person in filter(None, map(describe, demo_users())):
        organisations.setdefault(person.programme.organisation, []).append(person)
    return organisations


def describe(user) -> Person | None:
    """None for somebody who belongs nowhere."""
    places = [
        *((row.team.programme, f"{Role(row.role).label}, {row.team}") for row in user.memberships.all()),
        *((row.service.programme, f"Service lead, {row.service}") for row in user.led_services.all()),
        *((row.programme, f"Administrator, {row.programme}") for row in user.administered.all()),
    ]
    return Person(user, places[0][0], [words for _, words in places]) if places else None
