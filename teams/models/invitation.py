import datetime as dt
import hashlib
import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from teams.permissions import Role

from .membership import Discipline
from .programme import Programme, Service
from .team import Team
from .user import User, clean_email

GOOD_FOR = dt.timedelta(days=14)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def with_token(self, token):
        return self.open().filter(token_hash=digest(token)).first()


class Invitation(models.Model):
    """Asks somebody by e-mail into a team, to lead a service, or to administer the programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="invitations")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="invitations")
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="invitations")
    email = models.EmailField("email address")
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=20, choices=Role)
    discipline = models.CharField(max_length=20, choices=Discipline, default=Discipline.OTHER)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="invitations_sent")
    invited_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_names_what_its_role_needs",
                condition=Q(role=Role.SERVICE_LEAD, team=None, service__isnull=False)
                | Q(role=Role.ADMIN, team=None, service=None)
                | (~Q(role__in=[Role.SERVICE_LEAD, Role.ADMIN]) & Q(team__isnull=False, service=None)),
            )
        ]

    def __str__(self):
        return f"{self.name} as {Role(self.role).label.lower()}"

    def save(self, *args, **kwargs):
        self.email = clean_email(self.email)
        super().save(*args, **kwargs)

    def new_token(self) -> str:
        """A fresh secret for the letter. Only its hash is kept, so it cannot be shown again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = digest(token)
        self.expires_at = timezone.now() + GOOD_FOR
        return token
