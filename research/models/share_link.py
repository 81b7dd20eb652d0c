import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from teams.models import Membership, User
from teams.models.invitation import digest

from .playback import Playback
from .playback_rows import SEEN_BY_REVIEWERS

LONGEST = 90  # days


class ShareLinkQuerySet(models.QuerySet):
    def newest_first(self):
        return (
            self.select_related("created_by")
            .annotate(times=models.Count("uses"), last=models.Max("uses__at"))
            .order_by("-pk")
        )

    def open(self):
        """Those that let somebody read: until they are revoked, run out, or their author leaves the team."""
        author = Membership.objects.current().filter(
            team=OuterRef("playback__team"), user=OuterRef("created_by"), user__is_active=True
        )
        return self.filter(
            Exists(author), revoked_at=None, expires_at__gt=timezone.now(), playback__state__in=SEEN_BY_REVIEWERS
        )

    def behind(self, token_hash):
        return self.open().filter(token_hash=token_hash).select_related("playback__team__programme").first()

    @transaction.atomic
    def make(self, playback, days, *, by):
        """(link, its token). The token is told once and not kept."""
        if not 1 <= days <= LONGEST:
            raise ValidationError(f"A link is good for 1 to {LONGEST} days")
        if playback.is_draft or playback.is_for_team:
            raise ValidationError("Only what is shared with service leads can be read through a link")
        token = secrets.token_urlsafe(32)
        expires_at = timezone.now() + dt.timedelta(days)
        link = self.create(playback=playback, token_hash=digest(token), created_by=by, expires_at=expires_at)
        playback.record(f"made a share link, good until {expires_at.day} {expires_at:%B %Y}", by=by)
        return link, token


class ShareLink(models.Model):
    """Reads one playback without an account. Its token is kept as a hash only (P9)."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="share_link_runs_out",
                condition=Q(expires_at__lte=F("created_at") + dt.timedelta(days=LONGEST, minutes=1)),
            )
        ]

    def __str__(self):
        return f"Share link {self.pk}"

    @property
    def has_ended(self):
        return bool(self.revoked_at) or self.expires_at <= timezone.now()

    @transaction.atomic
    def revoke(self, *, by):
        """Nobody reads through it from the next request on."""
        if ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()):
            self.playback.record("revoked a share link", by=by)


class ShareLinkUse(models.Model):
    """That somebody opened a link, and when; not who."""

    link = models.ForeignKey(ShareLink, models.PROTECT, related_name="uses")
    at = models.DateTimeField(default=timezone.now)
