"""What can be asked of many rounds at once."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone

from .states import MET, FindingState

TAKEN = {"name": "The team has a round of that name. Choose another"}


class RoundQuerySet(models.QuerySet):
    def kept(self):
        """Those whose raw data is still here."""
        return self.filter(erased_at=None)

    def of_programme(self, programme):
        return self.filter(team__programme=programme)

    def due(self, day=None):
        """Those whose time is over."""
        return self.kept().filter(delete_by__lte=day or timezone.localdate())

    def with_counts(self):
        """Each with its sessions, those held, and its findings; the latest first, for counted rows lose their order."""
        return self.order_by("-created_at", "-pk").annotate(
            session_count=Count("sessions", distinct=True),
            held_count=Count("sessions", filter=Q(sessions__state__in=MET), distinct=True),
            finding_count=Count("findings", filter=~Q(findings__state=FindingState.SUPERSEDED), distinct=True),
            draft_count=Count("findings", filter=Q(findings__state=FindingState.DRAFT), distinct=True),
        )

    @transaction.atomic
    def add(self, team, *, by, **fields):
        if team.rounds.filter(name__iexact=fields["name"]).exists():
            raise ValidationError(TAKEN)
        round_ = self.create(team=team, created_by=by, **fields)
        round_.record("planned a round of research", by=by)
        return round_
