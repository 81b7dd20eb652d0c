import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Concat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from teams import mail  # the module: it asks for this package itself
from teams.permissions import Role

from .history import Change
from .mail import OutgoingMail
from .membership import Discipline, Membership, ProgrammeAdmin, ServiceLead
from .programme import Programme, Service
from .team import Team
from .user import User, clean_email

GOOD_FOR = dt.timedelta(days=14)
LEAVES_WITHIN = dt.timedelta(minutes=5)
LETTER_OF = "invitation "  # and the hash of its secret: by this a letter is found again


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())

    def waiting(self):
        """What the People page lists: neither accepted nor revoked. An expired one can be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def with_letters(self):
        """Each with `letter_state`: how far the letter came that holds its link."""
        letters = OutgoingMail.objects.filter(dedupe=Concat(Value(LETTER_OF), OuterRef("token_hash")))
        return self.annotate(letter_state=Subquery(letters.values("state")[:1]))

    def outside_teams(self):
        """Service leads and administrators."""
        return self.filter(team=None).select_related("service", "programme")

    def with_token(self, token):
        rows = self.select_related("programme", "team", "service", "invited_by")
        return rows.open().filter(token_hash=digest(token)).first()

    @transaction.atomic
    def invite(self, programme, *, name, email, role, by, team=None, service=None, discipline=Discipline.OTHER):
        """Ask somebody in, by a letter. Raises ValidationError when they are there already or were asked before."""
        invitation = self.model(
            programme=programme,
            team=team,
            service=service,
            name=name,
            email=clean_email(email),
            role=role,
            discipline=discipline,
            invited_by=by,
        )
        invitation._refuse_a_second()
        invitation._write(by)
        Change.objects.record(
            invitation.place,
            f"invited {name} ({invitation.email}) as {invitation.as_what}",
            by=by,
            team=team,
            programme=programme,
        )
        return invitation


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

    @property
    def place(self):
        """What they are asked into."""
        return self.team or self.service or self.programme

    @property
    def as_what(self) -> str:
        label = Role(self.role).label
        return label[0].lower() + label[1:]

    @property
    def has_expired(self):
        return self.expires_at <= timezone.now()

    @property
    def trouble(self) -> str:
        """What keeps the letter from the person: without it they wait for each other. Needs `with_letters`."""
        State = OutgoingMail.State
        if self.letter_state in {State.WAITING, State.CLAIMED, State.DATA}:
            written_at = self.expires_at - GOOD_FOR
            return "The letter has not left yet" if timezone.now() - written_at > LEAVES_WITHIN else ""
        return {
            State.FAILED: "The letter could not be sent",
            State.UNKNOWN: "Nobody knows whether the letter arrived",
        }.get(self.letter_state, "")

    def known_user(self):
        """The account that already has the address, if any."""
        return User.objects.filter(email=self.email).first()

    @transaction.atomic
    def send_again(self, *, by):
        """A fresh letter with a fresh link; the old link stops working."""
        self._refuse_unless_waiting()
        self._write(by)
        words = f"sent {self.name}'s invitation again"
        Change.objects.record(self.place, words, by=by, team=self.team, programme=self.programme)

    @transaction.atomic
    def revoke(self, *, by):
        self._refuse_unless_waiting()
        self.revoked_at = timezone.now()
        self.save(update_fields=["revoked_at"])
        words = f"took back {self.name}'s invitation"
        Change.objects.record(self.place, words, by=by, team=self.team, programme=self.programme)

    @transaction.atomic
    def accept(self, user):
        """Let the person in. Only the account with the invited address may: the letter proves nothing about others."""
        self._refuse_unless_waiting()
        if self.has_expired:
            raise ValidationError("This invitation has expired. Ask for a new one")
        if user.email != self.email:
            raise ValidationError(f"This invitation is for {self.email}. You are signed in as {user.email}")
        self._let_in(user)
        user.confirm_email()
        self.accepted_at = timezone.now()
        self.save(update_fields=["accepted_at"])
        words = f"joined as {self.as_what}"
        Change.objects.record(self.place, words, by=user, team=self.team, programme=self.programme)

    @transaction.atomic
    def accept_as_newcomer(self, name, password):
        """Make the account of somebody who has none, and let them in."""
        user = User.objects.create_user(self.email, name)
        self.accept(user)
        user.choose_password(password)
        return user

    def _let_in(self, user):
        if self.team:
            row = {"role": self.role, "discipline": self.discipline}
            Membership.objects.current().get_or_create(team=self.team, user=user, defaults=row)
        elif self.service:
            ServiceLead.objects.get_or_create(service=self.service, user=user)
        else:
            ProgrammeAdmin.objects.get_or_create(programme=self.programme, user=user)

    def _is_in(self, user):
        if self.team:
            return user.memberships.current().filter(team=self.team).exists()
        if self.service:
            return user.led_services.filter(service=self.service).exists()
        return user.administered.filter(programme=self.programme).exists()

    def _refuse_a_second(self):
        user = self.known_user()
        if user and self._is_in(user):
            raise ValidationError(f"{user} is already in {self.place}")
        same = {"email": self.email, "programme": self.programme, "team": self.team, "service": self.service}
        if Invitation.objects.waiting().filter(**same).exists():
            raise ValidationError(f"{self.email} has already been invited to {self.place}. You can send it again")

    def _refuse_unless_waiting(self):
        """Read again under a lock: two people may press at once."""
        now = Invitation.objects.select_for_update().get(pk=self.pk)
        if now.accepted_at:
            raise ValidationError("This invitation has already been accepted")
        if now.revoked_at:
            raise ValidationError("This invitation was taken back")

    def _write(self, by):
        """Send the letter. Only the hash of its secret is kept, so the link cannot be shown again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = digest(token)
        self.expires_at = timezone.now() + GOOD_FOR
        self.save()
        words = {"invitation": self, "by": by, "link": f"{settings.SITE_URL}{reverse('open_invitation', args=[token])}"}
        text = render_to_string("teams/email/invitation.txt", words)
        mail.post(
            "invitation",
            to=self.email,
            subject=f"{by} invited you to {self.place}",
            text=text,
            secret=True,
            dedupe=LETTER_OF + self.token_hash,
        )
