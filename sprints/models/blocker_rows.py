"""What can be asked of many blockers at once."""

from django.db import models, transaction
from django.db.models import Case, Exists, Max, OuterRef, Q, Value, When
from django.utils import timezone

from teams.models import Membership, ServiceLead, Team

from .blocker_states import OPEN, State


class BlockerQuerySet(models.QuerySet):
    def in_teams(self, teams):
        return self.filter(team__in=teams)

    def open(self):
        return self.filter(state__in=OPEN)

    def to_escalate(self):
        """Open, in a team in use, and not escalated yet: what may fall due."""
        return (
            self.open().exclude(state=State.ESCALATED).filter(team__archived_at=None, team__programme__archived_at=None)
        )

    def resolved(self):
        return self.filter(state=State.RESOLVED).order_by("-resolved_at", "-pk")

    def withdrawn(self):
        return self.filter(state=State.WITHDRAWN).order_by("-withdrawn_at", "-pk")

    def needs_owner(self):
        """Open and nobody's, or in the hands of somebody who has left the team."""
        return self.open().filter(Q(owner=None) | ~_works_in_the_team("owner"))

    def risking_goal(self):
        return self.open().filter(risks_goal=True)

    def resolved_between(self, first, last):
        return self.resolved().filter(resolved_at__date__range=(first, last))

    def raised_by(self, person):
        return self.filter(raised_by=person)

    def escalated_to(self, person):
        """What waits for the person, as long as they may know of it: they lead a service there or are in the team."""
        return self.filter(_still_has_access("escalated_to"), escalated_to=person)

    def waiting_for(self, person):
        """What somebody is asked to unblock, the nearest date first."""
        asked = self.escalated_to(person).filter(state=State.ESCALATED)
        return asked.select_related("team").order_by("answer_by", "pk")

    def of_person(self, person):
        """Open, and theirs to say something about at a stand-up: they own it, or raised it."""
        return self.open().filter(Q(owner=person) | Q(raised_by=person)).order_by("raised_on", "pk")

    def among(self, keys):
        """Those whose ids a form sent back, in whatever text."""
        return self.filter(pk__in=[key for key in keys if key.isdecimal() and len(key) < 19])

    def by_story(self, stories) -> dict:
        """The open blockers of each of several stories, in one question; a story without one is left out."""
        found = {}
        for blocker in (
            self.open().filter(story__in=stories).select_related("team", "owner").order_by("raised_on", "pk")
        ):
            found.setdefault(blocker.story_id, []).append(blocker)
        return found

    def owned_by(self, person):
        return self.filter(owner=person)

    def of_kind(self, category):
        return self.filter(category=category)

    def in_programme(self, programme):
        return self.filter(team__programme=programme)

    def alive_since(self, day):
        """Open, or closed on that day or later: what a report of the time since counts."""
        return self.filter(Q(state__in=OPEN) | Q(resolved_at__date__gte=day) | Q(withdrawn_at__date__gte=day))

    def with_people(self):
        """What a line of the ledger names, and what its age is counted with."""
        related = self.select_related("team", "owner", "raised_by", "escalated_to", "story")
        return related.prefetch_related("team__closures").annotate(lacks_owner=_lacks_owner())

    def in_ledger_order(self):
        """Those that need an owner first, then those that risk the sprint goal, then the oldest."""
        return self.annotate(lacks_owner=_lacks_owner()).order_by("-lacks_owner", "-risks_goal", "raised_on", "pk")

    @transaction.atomic
    def add(self, team, *, by, **fields):
        """Raise a blocker; it takes the next number of the team's ledger and belongs to nobody yet."""
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)  # two raised at once
        last = self.model.objects.filter(team=team).aggregate(last=Max("number"))["last"] or 0
        now = timezone.now()
        blocker = self.create(
            team=team,
            number=last + 1,
            raised_by=by,
            raised_at=now,
            raised_on=timezone.localdate(now),
            last_update_at=now,
            **fields,
        )
        blocker.record("raised it", by=by)
        return blocker


def _works_in_the_team(person):
    return Exists(Membership.objects.current().filter(team=OuterRef("team"), user=OuterRef(person)))


def _lacks_owner():
    return Case(When(Q(owner=None) | ~_works_in_the_team("owner"), then=Value(True)), default=Value(False))


def _still_has_access(person):
    leads = ServiceLead.objects.filter(service__programme=OuterRef("team__programme"), user=OuterRef(person))
    return Q(_works_in_the_team(person)) | Q(Exists(leads))
