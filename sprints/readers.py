"""Who gets a digest, and who is told when something went wrong with it."""

from collections import defaultdict

from django.db.models import Exists, OuterRef

from teams.access import visible
from teams.models import Absence, Letter, Membership, ProgrammeAdmin, ServiceLead, SwitchedOff, Team
from teams.permissions import Role


class Readers:
    """Of several teams on one day: at work, with an account that is open, and not switched off."""

    def __init__(self, teams, day):
        self.members = {team.pk: [] for team in teams}
        away = Exists(Absence.objects.overlapping(day, day).filter(user=OuterRef("user")))
        at_work = {"user__is_active": True, "user__works_on__contains": [day.weekday()]}
        off = SwitchedOff.objects.filter(user=OuterRef("user"))
        members = Membership.objects.current().filter(~away, team__in=teams, **at_work)
        wanted = members.filter(~Exists(off.filter(kind=Letter.DIGEST, team=OuterRef("team"))))
        for one in wanted.select_related("user").order_by("pk"):
            self.members[one.team_id].append(one.user)
        leads = ServiceLead.objects.filter(~away, **at_work)
        leads = leads.filter(~Exists(off.filter(kind=Letter.WAITING_ON_YOU)))
        programmes = {team.programme_id for team in teams}
        self.leads = set(leads.filter(service__programme__in=programmes).values_list("service__programme", "user"))

    def reads_as_lead(self, person, team):
        return (team.programme_id, person.pk) in self.leads


def may_still_read(person, team) -> bool:
    """Whether they have a place in the team or its programme: no letter follows somebody who left."""
    return (
        person.is_active
        and visible(Team.objects.filter(pk=team.pk), person, programme="programme_id", team="pk").exists()
    )


def who_to_tell(teams) -> dict:
    """Team → the people who look after its digest: delivery managers, or product owners, or administrators."""
    by_role = defaultdict(lambda: defaultdict(list))
    members = Membership.objects.current().filter(team__in=teams, user__is_active=True)
    for one in members.filter(role__in=[Role.DELIVERY_MANAGER, Role.PRODUCT_OWNER]).select_related("user"):
        by_role[one.team_id][one.role].append(one.user)
    admins = defaultdict(list)
    programmes = {team.programme_id for team in teams}
    for one in ProgrammeAdmin.objects.filter(programme__in=programmes, user__is_active=True).select_related("user"):
        admins[one.programme_id].append(one.user)
    return {
        team.pk: by_role[team.pk][Role.DELIVERY_MANAGER]
        or by_role[team.pk][Role.PRODUCT_OWNER]
        or admins[team.programme_id]
        for team in teams
    }
