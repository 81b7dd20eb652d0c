"""What can be asked of many playbacks at once."""

from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from teams.models.standing import roles
from teams.permissions import TEAM_ROLES

from .playback_states import Audience, PlaybackState

SEEN_BY_REVIEWERS = [PlaybackState.SHARED, PlaybackState.CLOSED]


class PlaybackQuerySet(models.QuerySet):
    def open_to(self, user):
        """Those of the person's teams, and those they are asked to answer, with what the person is there.

        An invitation opens what was shared, and ends with the person's last place in the programme. `works` says that
        they are in the team; `roles` is what a standing is made of (teams/access.py).
        """
        own = user.memberships.current()
        return self.annotate(
            works=Exists(own.filter(team=OuterRef("team"), role__in=TEAM_ROLES)),
            asked=self._asks(user),
            roles=roles(user, "team__programme_id", "team_id"),
        ).filter(Q(works=True) | Q(asked=True, state__in=SEEN_BY_REVIEWERS))

    def waiting_for(self, user):
        """Shared, and not yet answered in full by this reviewer; `answered` of `total` items are."""
        rows = self.filter(self._asks(user), state=PlaybackState.SHARED, team__archived_at=None)
        return rows.not_answered_in_full(responses__reviewer__user=user)

    def waiting_for_guest(self, reviewer):
        """The same of somebody without an account."""
        return self.filter(pk=reviewer.playback_id).not_answered_in_full(responses__reviewer=reviewer)

    def not_answered_in_full(self, **by):
        rows = self.annotate(total=self._items(), answered=self._answers(**by))
        return rows.filter(answered__lt=F("total")).select_related("team").order_by("reply_by", "pk")

    def with_counts(self):
        """Of each: `total` items of its newest edition, its reviewers `now` and the answers they have `given`.

        Whoever came through a link was not asked, so nobody waits for them.
        """
        return self.annotate(
            total=self._items(),
            now=_count(self.model.reviewers.rel.related_model, "playback", removed_at=None, user__isnull=False),
            given=self._answers(responses__reviewer__removed_at=None, responses__reviewer__user__isnull=False),
        )

    def due_by(self, teams, day):
        """Shared, with a day to reply by that is no later than `day`."""
        rows = self.filter(team__in=teams, state=PlaybackState.SHARED, reply_by__lte=day)
        return rows.select_related("team").order_by("reply_by", "pk")

    def to_remind_of(self, first, last):
        """Shared before today, in use, and to be answered by a day from `first` to `last`, as readers know it."""
        newest = {"editions__number": F("edition"), "editions__reply_by__range": (first, last)}
        rows = self.filter(state=PlaybackState.SHARED, editions__shared_at__date__lt=timezone.localdate(), **newest)
        in_use = {"team__archived_at": None, "team__programme__archived_at": None}
        return rows.filter(**in_use).select_related("team__programme").order_by("pk")

    def newest_first(self):
        return self.select_related("team").order_by("-created_at", "-pk")

    def _asks(self, user):
        """Whether it asks this person, who still has a place in its programme: in the team, if it stays inside."""
        reviewers = self.model.reviewers.rel.related_model.objects.filter(
            playback=OuterRef("pk"), user=user, removed_at=None
        )
        led = user.led_services.filter(service__programme=OuterRef("team__programme"))
        own = user.memberships.current().filter(team=OuterRef("team"))
        return Exists(reviewers) & (Q(audience=Audience.STAKEHOLDER) & Exists(led) | Exists(own))

    def _items(self):
        editions = self.model.editions.rel.related_model
        items = editions.items.rel.related_model
        return _count(items, "edition__playback", edition__number=OuterRef("edition"))

    def _answers(self, **which):
        """Current answers to items that the newest edition still holds."""
        items = self.model.editions.rel.related_model.items.rel.related_model
        answered = {"item__responses__superseded_at": None, "item__responses__isnull": False}
        which = {f"item__{path}": value for path, value in which.items()}
        return _count(items, "edition__playback", edition__number=OuterRef("edition"), **(answered | which))

    @transaction.atomic
    def compose(self, team, *, by, **fields):
        """A new draft."""
        playback = self.create(team=team, created_by=by, **fields)
        playback.record("began the playback", by=by)
        return playback


def _count(model, to, **which):
    rows = model.objects.filter(**{to: OuterRef("pk")}, **which).order_by().values(to)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=models.IntegerField()), 0)
