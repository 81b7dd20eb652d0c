import datetime as dt
import secrets

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, Sum
from django.utils import timezone

from teams.models import Membership, User
from teams.models.invitation import digest

from .playback import Playback
from .playback_rows import SEEN_BY_REVIEWERS
from .playback_states import Use

LONGEST = 90  # days
MOST_GUESTS = 1000  # who confirm an address through one link


def fresh_token() -> str:
    return secrets.token_urlsafe(32)


class ShareLinkQuerySet(models.QuerySet):
    def newest_first(self):
        """Each with how many `times` it was read, and when `last`."""
        read = Q(uses__what=Use.READ)
        counted = self.annotate(times=Sum("uses__times", filter=read), last=Max("uses__at", filter=read))
        return counted.select_related("created_by").order_by("-pk")

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

    def last_of(self, reviewer):
        """The one through which they last showed who they are."""
        shown = self.shown_by(reviewer).order_by("-uses__at", "-uses__pk")
        return shown.select_related("playback__team__programme").first()

    def shown_by(self, reviewer):
        """Those through which they showed who they are, to be asked of many reviewers at once."""
        return self.filter(uses__reviewer=reviewer, uses__what=Use.CONFIRMED)

    @transaction.atomic
    def make(self, playback, days, *, by, domains=(), token=None):
        """(link, its token), which is told and not kept. With a `token` that made one before, it is that one."""
        if not 1 <= days <= LONGEST:
            raise ValidationError(f"A link is good for 1 to {LONGEST} days")
        if playback.is_draft or playback.is_for_team:
            raise ValidationError("Only what is shared with service leads can be read through a link")
        token = token or fresh_token()
        Playback.objects.select_for_update(no_key=True).get(pk=playback.pk)  # two clicks, one after the other
        if made := self.filter(playback=playback, token_hash=digest(token)).first():
            return made, token
        expires_at = timezone.now() + dt.timedelta(days)
        link = self.create(
            playback=playback,
            token_hash=digest(token),
            domains=list(domains),
            created_by=by,
            expires_at=expires_at,
        )
        whom = f", for answers from {', '.join(domains)}" if domains else ""
        playback.record(f"made a share link, good until {expires_at.day} {expires_at:%B %Y}{whom}", by=by)
        return link, token


class ShareLink(models.Model):
    """Opens one playback without an account: to read, and to answer once an e-mail address is confirmed (P9).

    Its token is kept as a hash only.
    """

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    domains = ArrayField(models.CharField(max_length=253), default=list)  # whose addresses may answer; none: all
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

    def lets_answer(self, email) -> bool:
        """Whether the address is at one of its domains, or of a part of one."""
        host = email.rpartition("@")[2]
        return not self.domains or any(host == one or host.endswith(f".{one}") for one in self.domains)

    @property
    def is_full(self):
        """Whether as many came through it as an audience has: more are no readers, but somebody with a script."""
        return self.uses.filter(what=Use.CONFIRMED).values("reviewer").distinct().count() >= MOST_GUESTS

    @transaction.atomic
    def revoke(self, *, by):
        """Nobody reads through it from the next request on."""
        if ShareLink.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now()):
            self.playback.record("revoked a share link", by=by)
