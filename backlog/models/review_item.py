from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from teams.models import Change, Conflict, User, Versioned

from .opportunity import Opportunity
from .order import Order
from .review import ReviewSession
from .review_rows import ReviewItemQuerySet
from .states import OUTCOMES, State

# What an opportunity may have become since, and still be what the session decided.
STANDS_AS = {State.TAKE_FORWARD: [State.TAKE_FORWARD, State.IN_DELIVERY, State.DELIVERED]}


class ReviewItem(Versioned):
    """One opportunity of a session's frozen scope."""

    session = models.ForeignKey(ReviewSession, models.CASCADE, related_name="items")
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, related_name="review_items")
    position = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20, choices=[(one.value, one.label) for one in OUTCOMES], blank=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    skipped_at = models.DateTimeField(null=True)
    revealed_at = models.DateTimeField(null=True)  # silent scores are shown to everyone from here on
    draft = models.JSONField(null=True)  # what was chosen and not yet saved, for whoever comes back to it
    before = models.JSONField(null=True)  # what the decision replaced, for undo
    decided = models.JSONField(null=True)  # what was decided, as it was: a summary does not change later

    objects = ReviewItemQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "opportunity"], name="an_opportunity_once_a_session"),
            models.UniqueConstraint(fields=["session", "position"], name="review_position_is_unique"),
            models.CheckConstraint(
                name="an_outcome_says_who_and_when",
                condition=Q(outcome="", reviewed_at=None, reviewed_by=None)
                | (~Q(outcome="") & Q(reviewed_at__isnull=False, reviewed_by__isnull=False)),
            ),
        ]

    # --- What it is

    @property
    def is_left(self):
        return self.opportunity.state == State.READY

    @property
    def is_reviewed(self):
        return bool(self.outcome) and not self.is_left

    @property
    def is_elsewhere(self):
        """Decided, or no longer ready, without this session."""
        return not self.outcome and not self.is_left

    @property
    def has_moved_on(self):
        """Reviewed here, and something else has become of it since."""
        return self.is_reviewed and self.opportunity.state not in STANDS_AS.get(self.outcome, [self.outcome])

    @property
    def stamp(self) -> str:
        """What a form was made from: it changes when anybody changes the item or its opportunity."""
        return f"{self.version}.{self.opportunity.version}"

    # --- What people do with it

    @transaction.atomic
    def decide(self, decision, *, by, seen=None):
        """Record the decision; one already recorded here is undone first. Raises Conflict when `seen` is not new."""
        self._hold(seen)
        if self.is_elsewhere:
            raise ValidationError(f"{self.opportunity.reference} was decided outside this review")
        # The order first, then opportunities: the sequence in which moves lock them, so that neither waits for ever.
        Order.locked(self.opportunity.programme_id)
        self.before = self.before if self.is_reviewed else self._as_it_is()
        if self.is_reviewed and not self._only_scored_anew(decision):
            self._take_back(by)
        decision.describe(self.opportunity, by=by)
        if self.is_left:
            decision.conclude(self.opportunity, by=by)
            self.before |= {"change": Change.objects.about(self.opportunity).first().pk}
        self.before |= {"version": self.opportunity.version}
        self.outcome, self.reviewed_at, self.reviewed_by = decision.outcome, timezone.now(), by
        self.revealed_at = self.revealed_at or timezone.now()
        self.decided = decision.as_kept_of(self.opportunity)
        self.draft = self.skipped_at = None
        self._save()
        label = State(decision.outcome).label
        self.session.step(f"recorded {self.opportunity.reference}: {label}", by=by, current=self._where_next())

    @transaction.atomic
    def skip(self, *, by, draft=None, seen=None):
        """Leave it for the end of the session, with what was chosen so far."""
        self._hold(seen)
        self.skipped_at, self.draft = timezone.now(), draft or self.draft
        self._save()
        at = self.session.next_item(after=self.position)
        self.session.step(f"skipped {self.opportunity.reference}", by=by, current=at)

    @transaction.atomic
    def keep(self, draft, *, seen=None):
        """What was chosen and not saved: nobody loses it, nothing is decided."""
        self._hold(seen, running=False)
        if draft != self.draft:
            self.draft = draft
            self._save()

    @transaction.atomic
    def reveal(self, *, by):
        """Show everyone what each person scored silently."""
        self._hold()
        if not self.revealed_at:
            self.revealed_at = timezone.now()
            self._save()
            self.session.step(f"showed the scores of {self.opportunity.reference}", by=by)

    @transaction.atomic
    def undo(self, *, by):
        """Take the decision back, with the value, size and themes it brought, and stand at this item again."""
        self._hold()
        if not self.is_reviewed:
            raise ValidationError(f"{self.opportunity.reference} has no decision of this review to undo")
        Order.locked(self.opportunity.programme_id)
        self._take_back(by)
        thing, before = self.opportunity, self.before
        if [thing.value, thing.size] != before["score"]:
            thing.set_score(*before["score"], by=by)
        if self._theme_ids() != before["themes"]:
            thing.edit(by=by, themes=before["themes"])
        self.outcome, self.reviewed_at, self.reviewed_by, self.before, self.decided = "", None, None, None, None
        self._save()
        self.session.step(f"undid the decision on {thing.reference}", by=by, current=self)

    @transaction.atomic
    def score_silently(self, user, value, size):
        """What one person thinks before figures are shown; the last answer counts."""
        self.session.hold_running()
        self.refresh_from_db(fields=["revealed_at", "outcome", "opportunity"])
        if self.revealed_at or not self.is_left:
            raise ValidationError("The scores have been shown, so no more can be given")
        self.silent_scores.update_or_create(user=user, defaults={"value": value, "size": size, "at": timezone.now()})

    # --- How it is written

    def _hold(self, seen=None, running=True):
        """Everything as it is now, with the session held. Raises Conflict when it is not what the person saw."""
        session = self.session
        session.hold_running() if running else session.hold_open()
        self.refresh_from_db(from_queryset=ReviewItem.objects.select_related("opportunity__team__programme"))
        self.session = session
        if seen is not None and seen != self.stamp:
            raise Conflict(self)

    def _save(self):
        decided = ["outcome", "reviewed_at", "reviewed_by", "before", "decided"]
        self.save_changes(*decided, "skipped_at", "revealed_at", "draft")

    def _where_next(self):
        """On from the item the room is at; a decision elsewhere in the list leaves the room where it is."""
        at = self.session.current
        return self.session.next_item(after=self.position) if at is None or at.pk == self.pk else self.session.here()

    def _as_it_is(self):
        return {"score": [self.opportunity.value, self.opportunity.size], "themes": self._theme_ids()}

    def _theme_ids(self):
        return sorted(self.opportunity.themes.values_list("pk", flat=True))

    def _only_scored_anew(self, decision):
        return self.outcome == decision.outcome == self.opportunity.state == State.TAKE_FORWARD

    def _take_back(self, by):
        """Undo what this session decided, unless somebody has changed the opportunity since (§2.3)."""
        thing = self.opportunity
        change = Change.objects.filter(pk=self.before["change"]).first()
        if change is None or self.before["version"] != thing.version or not change.may_still_be_undone:
            raise ValidationError(
                f"{thing.reference} has changed since it was decided, or a week has passed. Change it on its own page"
            )
        change.undo["version"] = thing.version  # what this session rescored since is part of its decision
        thing.undo(change, by=by)
