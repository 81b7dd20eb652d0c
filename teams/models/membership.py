from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from teams.permissions import TEAM_ROLES, Role

from .programme import Programme, Service
from .team import Team
from .user import User


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


class Membership(models.Model):
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


class ServiceLead(models.Model):
    """Runs an operational service; sees the programme backlog and what they are invited to."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="leads")
    user = models.ForeignKey(User, models.CASCADE, related_name="led_services")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["service", "user"], name="one_lead_row_a_service")]


class ProgrammeAdmin(models.Model):
    """Looks after a programme's people, teams and settings; sees no backlog."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="admins")
    user = models.ForeignKey(User, models.CASCADE, related_name="administered")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["programme", "user"], name="one_admin_row_a_programme")]
