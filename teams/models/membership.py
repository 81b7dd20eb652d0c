from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from teams.permissions import TEAM_ROLES, Role

from .mail import OutgoingMail
from .programme import Programme, Service
from .team import Team
from .user import User
from .versioned import Versioned


class Discipline(models.TextChoices):
    PRODUCT = "product", "Product"
    DELIVERY = "delivery", "Delivery"
    RESEARCH = "research", "User research"
    SERVICE_DESIGN = "service_design", "Service design"
    INTERACTION_DESIGN = "interaction_design", "Interaction design"
    CONTENT_DESIGN = "content_design", "Content design"
    BUSINESS_ANALYSIS = "business_analysis", "Business analysis"
    DEVELOPMENT = "development", "Software development"
    TEST = "test", "Testing"
    PERFORMANCE = "performance", "Performance analysis"
    OPERATIONS = "operations", "Operations"
    POLICY = "policy", "Policy"
    OTHER = "other", "Other"


class MembershipQuerySet(models.QuerySet):
    def current(self):
        return self.filter(left_at=None)

    def in_teams_in_use(self):
        in_use = self.filter(team__archived_at=None, team__programme__archived_at=None)
        return in_use.select_related("team__programme").order_by(Lower("team__name"), "pk")

    def former(self):
        """Those who left and did not come back."""
        back = Membership.objects.current().filter(team=OuterRef("team"), user=OuterRef("user"))
        latest = Membership.objects.filter(team=OuterRef("team"), user=OuterRef("user")).order_by("-left_at")
        return self.exclude(left_at=None).filter(~Exists(back), pk=Subquery(latest.values("pk")[:1]))

    def by_name(self):
        return self.select_related("user").order_by(Lower("user__name"), "pk")

    def besides_product_owners(self):
        return self.exclude(role=Role.PRODUCT_OWNER)

    def product_owners(self):
        return self.current().filter(role=Role.PRODUCT_OWNER)


class Membership(Versioned):
    """A person in a team. People leave; what they did stays theirs."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in TEAM_ROLES])
    discipline = models.CharField(max_length=20, choices=Discipline, default=Discipline.OTHER)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    left_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(left_at=None), name="one_current_membership_a_team"
            ),
            models.CheckConstraint(name="membership_has_a_team_role", condition=Q(role__in=TEAM_ROLES)),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(left_at=None) | Q(left_at__gte=F("joined_at")),
            ),
        ]

    def __str__(self):
        return f"{self.user}, {Role(self.role).label} in {self.team}"

    @property
    def is_last_product_owner(self):
        """Nobody else decides value and order in the team."""
        others = self.team.memberships.product_owners().exclude(pk=self.pk)
        return self.role == Role.PRODUCT_OWNER and not others.exists()

    @transaction.atomic
    def change(self, role, discipline, *, by, successor=None, without_owner=False):
        """Give the person another role or discipline. The last product owner hands over in the same step.

        Raises Conflict when somebody else did since it was read.
        """
        self._hold()
        before = [Role(self.role).label, Discipline(self.discipline).label]
        if role != Role.PRODUCT_OWNER:
            self._hand_over(successor, without_owner, by=by)
        self.role, self.discipline = role, discipline
        after = [Role(role).label, Discipline(discipline).label]
        words = " and ".join(f"from {old} to {new}" for old, new in zip(before, after, strict=True) if old != new)
        if words:
            self.save_changes("role", "discipline")
            self.team.record(f"changed {self.user} {words}", by=by)

    @transaction.atomic
    def leave(self, *, by, successor=None, without_owner=False):
        """Out of the team, not out of its history. The last product owner hands over in the same step."""
        self._hold()
        self._hand_over(successor, without_owner, by=by)
        self.left_at = max(timezone.now(), self.joined_at)
        self.save_changes("left_at")
        OutgoingMail.objects.filter(user=self.user_id, team=self.team_id).call_off()  # they read no more of the team
        self.team.record(f"removed {self.user} ({Role(self.role).label.lower()}) from the team", by=by)

    def _hold(self):
        """Read it again, alone: two people may change who is in a team at once."""
        Team.objects.select_for_update().get(pk=self.team_id)
        self.refresh_from_db(fields=["role", "discipline", "left_at"])
        if self.left_at:
            raise ValidationError(f"{self.user} has left the team already")

    def _hand_over(self, successor, without_owner, *, by):
        if self.role != Role.PRODUCT_OWNER:
            return
        if successor and successor.role != Role.PRODUCT_OWNER:
            old = Role(successor.role).label
            successor.role = Role.PRODUCT_OWNER
            successor.save_changes("role")
            self.team.record(f"made {successor.user} product owner after {self.user} (was {old.lower()})", by=by)
        elif self.is_last_product_owner and not without_owner:
            raise ValidationError(f"{self.user} is the only product owner. Choose who takes over, or go on without one")


class ServiceLeadQuerySet(models.QuerySet):
    def of(self, programme):
        return self.filter(service__programme=programme).select_related("user", "service__programme")


class ServiceLead(models.Model):
    """Runs an operational service; sees the programme backlog and what they are invited to."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="leads")
    user = models.ForeignKey(User, models.CASCADE, related_name="led_services")

    objects = ServiceLeadQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "user"], name="one_lead_row_a_service")]

    @transaction.atomic
    def leave(self, *, by):
        """No longer leads the service; what they said and decided stays theirs."""
        programme = self.service.programme
        programme.record(self.service, f"removed {self.user} as service lead of {self.service}", by=by)
        self.delete()


class ProgrammeAdmin(models.Model):
    """Looks after a programme's people, teams and settings; sees no backlog."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="admins")
    user = models.ForeignKey(User, models.CASCADE, related_name="administered")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "user"], name="one_admin_row_a_programme")]

    @transaction.atomic
    def leave(self, *, by):
        """No longer an administrator. A programme keeps at least one, or nobody could ask people in."""
        self.programme.hold()
        if not self.programme.admins.exclude(pk=self.pk).exists():
            raise ValidationError(f"{self.user} is the only administrator. Invite another one first")
        self.programme.record(self.programme, f"removed {self.user} as administrator", by=by)
        self.delete()
