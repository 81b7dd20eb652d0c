"""What helps to plan a sprint: who is there, and how much was done in the last three."""

from sprints.burndown import velocity
from sprints.capacity import person_days, presences
from teams.models import Absence


def capacity(sprint) -> dict:
    members = [one.user for one in sprint.team.memberships.current().by_name()]
    people = [(one.pk, one.name, one.works_on) for one in members]
    absences = Absence.objects.overlapping(sprint.starts_on, sprint.ends_on).filter(user__in=members)
    days = sprint.working_days()
    found = presences(people, days, absences.values_list("user", "starts_on", "ends_on"))
    return {"people": found, "days": person_days(found), "working_days": len(days)}


def velocity_of(sprints) -> dict:
    """The last three closed sprints, newest first, and their range."""
    latest = [(one, one.points_done) for one in sprints]
    return {"sprints": latest, "range": velocity([done for _, done in latest])}
