"""What a person is where a row is, asked together with the row.

In SQL of its own, because every page asks it: put together from querysets it cost more than the rows of the page.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value

from teams.permissions import Role

ABOVE_TEAMS = f"""
    UNION ALL
    SELECT '{Role.SERVICE_LEAD}' FROM teams_servicelead AS led JOIN teams_service AS run ON run.id = led.service_id
    WHERE led.user_id = here.person AND run.programme_id = here.programme
    UNION ALL
    SELECT '{Role.ADMIN}' FROM teams_programmeadmin AS runs
    WHERE runs.user_id = here.person AND runs.programme_id = here.programme
"""
IN_TEAM = f"""
    FROM (SELECT %(expressions)s) AS here (person, programme, team), LATERAL (
    SELECT own.role FROM teams_membership AS own
    WHERE own.left_at IS NULL AND own.user_id = here.person AND own.team_id = here.team
    {ABOVE_TEAMS}) AS has
"""
IN_PROGRAMME = f"""
    FROM (SELECT %(expressions)s) AS here (person, programme), LATERAL (
    SELECT own.role FROM teams_membership AS own JOIN teams_team AS place ON place.id = own.team_id
    WHERE own.left_at IS NULL AND own.user_id = here.person AND place.programme_id = here.programme
    {ABOVE_TEAMS}) AS has
"""


def roles(user, programme: str, team: str | None) -> Func:
    """Their roles as an array: in a row's team, or in any team of its programme; and as a lead or administrator.

    `programme` and `team` are the paths from the row to the two ids.
    """
    return _asked("ARRAY(SELECT has.role {})", ArrayField(models.CharField()), user, programme, team)


def stands(user, programme: str, team: str | None) -> Func:
    """Whether they have any: an outsider has none."""
    return _asked("EXISTS(SELECT {})", models.BooleanField(), user, programme, team)


def _asked(question, output_field, user, programme, team):
    template = question.format(IN_TEAM if team else IN_PROGRAMME)
    places = [F(programme), F(team)] if team else [F(programme)]
    return Func(Value(user.pk), *places, template=template, output_field=output_field)
