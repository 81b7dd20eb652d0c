"""What can be asked of a team's sprints."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from teams import calendar
from teams.models import Team

HIGHEST = 32767  # what the column of the number holds
OPEN = ["planned", "active"]
USUAL_LENGTH = dt.timedelta(days=13)  # two weeks, the first day included
MOST_DAYS = 31  # "a month or less"


class SprintQuerySet(models.QuerySet):
    def active_in(self, team):
        """The team's one active sprint, or None."""
        return self.filter(team=team, state="active").first()

    def in_teams(self, teams):
        return self.filter(team__in=teams)

    def active(self):
        return self.filter(state="active")

    def planned(self):
        """Those to come, the next one first."""
        return self.filter(state="planned").order_by("starts_on")

    def after(self, sprint):
        return self.filter(starts_on__gt=sprint.ends_on)

    def open(self):
        return self.filter(state__in=OPEN)

    def first_to_come(self):
        return self.order_by("starts_on")

    def holding(self, story):
        """The open sprint that a story stands in, or None."""
        return self.filter(commitments__story=story, commitments__held=True).select_related("team").first()

    def without_records(self):
        """For lists: a record holds every step of its sprint."""
        return self.defer("record")

    def closed(self):
        """Newest first."""
        return self.filter(state="closed").order_by("-number")

    def ended(self):
        return self.exclude(state__in=OPEN).order_by("-number")

    def counting(self):
        """Those whose days are taken; a cancelled sprint gives its days back."""
        return self.exclude(state="cancelled")

    def next_number(self) -> int:
        return (self.aggregate(last=Max("number"))["last"] or 0) + 1

    def next_dates(self, team, today) -> tuple:
        """The first working day after the last sprint, or from today on, and two weeks less a day later."""
        last = self.counting().filter(ends_on__gte=today).aggregate(last=Max("ends_on"))["last"]
        before = last or today - dt.timedelta(1)
        first = calendar.next_working_day(before, team.division, team.days_closed())
        return first, first + USUAL_LENGTH

    def next_for(self, team, *, by):
        """The planned sprint that comes next; one is planned where there is none."""
        planned = team.sprints.planned().first()
        if planned is None:
            first, last = team.sprints.next_dates(team, timezone.localdate())
            planned = self.plan(team, by=by, starts_on=first, ends_on=last)
        planned.team = team
        return planned

    @transaction.atomic
    def plan(self, team, *, by, starts_on, ends_on, goal="", show_and_tell=None, number=None):
        """A sprint to come. `number` is for a team that counted its sprints before it came here."""
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        self.check_dates(team, starts_on, ends_on, show_and_tell)
        free = team.sprints.next_number()
        if number is not None and number < free and team.sprints.exists():
            raise ValidationError({"number": f"The team has a sprint {free - 1} already. Enter a higher number"})
        sprint = self.create(
            team=team,
            number=free if number is None else number,
            goal=goal,
            starts_on=starts_on,
            ends_on=ends_on,
            show_and_tell=show_and_tell,
            created_by=by,
        )
        sprint.record_change("planned the sprint", by=by)
        return sprint

    def check_dates(self, team, starts_on, ends_on, show_and_tell, besides=None):
        """Raises ValidationError by field."""
        if ends_on < starts_on:
            raise ValidationError({"ends_on": "The last day must be the same as or after the first day"})
        if (ends_on - starts_on).days >= MOST_DAYS:
            raise ValidationError({"ends_on": "A sprint lasts a month at most. Choose an earlier last day"})
        if not calendar.working_days_between(starts_on, ends_on, team.division, team.days_closed()):
            raise ValidationError({"ends_on": "There is no working day between these dates"})
        if show_and_tell and not starts_on <= show_and_tell <= ends_on + dt.timedelta(7):
            raise ValidationError({"show_and_tell": "The show and tell is during the sprint or in the week after it"})
        others = team.sprints.counting().exclude(pk=besides.pk if besides else None)
        clash = others.filter(Q(starts_on__lte=ends_on, ends_on__gte=starts_on)).first()
        if clash:
            raise ValidationError({"starts_on": f"{clash} has some of these days already. Sprints never overlap"})
