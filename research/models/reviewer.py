from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from teams.models import OutgoingMail, User

from .playback import Playback
from .playback_states import Use
from .share_link import ShareLink
from .share_link_use import ShareLinkUse


class ReviewerQuerySet(models.QuerySet):
    def current(self):
        return self.filter(removed_at=None).select_related("user").order_by("user__name", "email", "pk")

    def with_answers(self, edition):
        """Each with how many items of the edition they have `answered`."""
        held = Q(responses__superseded_at=None, responses__item__frozen__edition=edition)
        return self.annotate(answered=Count("responses", filter=held))

    def how_far(self, edition):
        """(who, how many items of the edition they have answered) of each; numbers alone, for there may be hundreds."""
        said = edition.playback.responses.current().filter(item__frozen__edition=edition).order_by()
        answered = dict(said.values_list("reviewer").annotate(n=Count("pk")))
        names = self.values_list("pk", Coalesce("user__name", "email", output_field=models.CharField()))
        return [(name, answered.get(pk, 0)) for pk, name in names]

    def with_account(self):
        return self.exclude(user=None)

    def guests(self):
        """Who came through a share link."""
        return self.filter(user=None).select_related("playback")

    def reachable(self):
        """Whom a letter leads somewhere and who wants it: with an account, or with a link that is still good."""
        good = ShareLink.objects.open().shown_by(OuterRef("pk"))
        return self.filter(Q(user__is_active=True) | Q(Exists(good), user=None, letters_off_at=None))

    def invite(self, playback, user, *, by):
        """The reviewer they become; None when they are one already."""
        found, made = self.get_or_create(playback=playback, user=user, defaults={"invited_by": by})
        if not made and found.removed_at is None:
            return None
        if not made:
            found.removed_at, found.invited_by, found.invited_at = None, by, timezone.now()
            found.save(update_fields=["removed_at", "invited_by", "invited_at"])
        return found

    def let_in(self, link, email):
        """Whoever has shown that letters to this address reach them. Raises ValidationError for whom it is not for."""
        if not link.lets_answer(email):
            raise ValidationError("This link no longer takes answers from your address. You can still read")
        if not self.filter(playback=link.playback, email=email).exists() and link.is_full:
            raise ValidationError("This link takes no more people who answer. Ask the team for another")
        found, _ = self.get_or_create(playback=link.playback, email=email, defaults={"invited_by": link.created_by})
        if found.removed_at:
            raise ValidationError("The team no longer asks you to answer. You can still read")
        return found


class Reviewer(models.Model):
    """Somebody who is asked to answer a playback, for as long as they are.

    With an account, or known by the e-mail address they confirmed through a share link.
    """

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="reviewers")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="asked_playbacks")
    email = models.EmailField(blank=True)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    removed_at = models.DateTimeField(null=True)
    letters_off_at = models.DateTimeField(null=True)  # of those without an account; others switch kinds of letter off

    objects = ReviewerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["playback", "user"], name="a_reviewer_is_asked_once"),
            models.UniqueConstraint(
                fields=["playback", "email"], condition=Q(user=None), name="an_address_answers_a_playback_once"
            ),
            models.CheckConstraint(
                name="a_reviewer_has_an_account_or_an_address",
                condition=Q(user__isnull=False, email="") | (Q(user=None) & ~Q(email="")),
            ),
        ]

    def __str__(self):
        return str(self.user) if self.user_id else self.email

    @property
    def address(self):
        """Where letters reach them."""
        return self.user.email if self.user_id else self.email

    def remove(self):
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])

    def stop_letters(self):
        """No more letters about this playback, nor those that have not left yet. May be said twice."""
        self._switch_letters(timezone.now(), Use.STOPPED)
        about = OutgoingMail.objects.filter(
            user=None, to=self.email, dedupe__startswith=f"playback-{self.playback_id}-"
        )
        about.call_off()

    def have_letters(self):
        self._switch_letters(None, Use.RESUMED)

    @transaction.atomic
    def _switch_letters(self, off_at, what):
        rows = Reviewer.objects.filter(pk=self.pk, letters_off_at__isnull=off_at is not None)
        if rows.update(letters_off_at=off_at):
            self.letters_off_at = off_at
            ShareLinkUse.objects.note(ShareLink.objects.last_of(self), what, self)
