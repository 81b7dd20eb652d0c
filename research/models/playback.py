from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Team, User, Versioned

from .playback_rows import PlaybackQuerySet
from .playback_states import Audience, Part, PlaybackState

MOST_ITEMS = 60  # more than anybody answers


class Playback(Versioned):
    """What a team plays back to service leads: read, answered item by item, and closed with an outcome for each.

    These words and its items are the draft of the next edition. What readers see is an edition, which never changes.
    """

    team = models.ForeignKey(Team, models.PROTECT, related_name="playbacks")
    title = models.CharField(max_length=100)
    audience = models.CharField("who it is for", max_length=12, choices=Audience, default=Audience.STAKEHOLDER)
    goal = models.CharField("goal", max_length=300, blank=True)
    did = models.TextField("what we did", max_length=3000, blank=True)
    next_steps = models.TextField("what happens next", max_length=3000, blank=True)
    reply_by = models.DateField("reply by", null=True, blank=True)

    state = models.CharField(max_length=8, choices=PlaybackState, default=PlaybackState.DRAFT, editable=False)
    edition = models.PositiveSmallIntegerField("number of the newest edition", default=0, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    objects = PlaybackQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="playback_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(name="playback_audience_is_known", condition=Q(audience__in=Audience.values)),
            models.CheckConstraint(
                name="a_draft_has_no_edition",
                condition=Q(state=PlaybackState.DRAFT, edition=0)
                | Q(state__in=[PlaybackState.SHARED, PlaybackState.CLOSED], edition__gte=1),
            ),
            models.CheckConstraint(
                name="what_is_shared_has_a_goal_and_a_date",
                condition=Q(state=PlaybackState.DRAFT) | (~Q(goal="") & Q(reply_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="closed_playback_says_who_and_when",
                condition=Q(state=PlaybackState.CLOSED, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state=PlaybackState.CLOSED) & Q(closed_at=None, closed_by=None)),
            ),
        ]
        indexes = [models.Index(fields=["team", "-created_at"], name="playbacks_of_a_team")]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("playbacks:playback", args=[self.team.slug, self.pk])

    # --- What it is

    @property
    def is_draft(self):
        return self.state == PlaybackState.DRAFT

    @property
    def is_shared(self):
        return self.state == PlaybackState.SHARED

    @property
    def is_closed(self):
        return self.state == PlaybackState.CLOSED

    @property
    def is_for_team(self):
        return self.audience == Audience.TEAM

    def words(self) -> dict:
        """What an edition freezes beside the items."""
        return {name: getattr(self, name) for name in ("title", "goal", "did", "next_steps", "reply_by")}

    def current_items(self):
        """The items of the draft in the order of the page."""
        return self.items.in_use().in_order()

    def current_edition(self):
        return self.editions.filter(number=self.edition).first()

    def people_to_ask(self):
        """Who can be a reviewer: those who lead a service of the programme, or the team where it stays inside."""
        leads = Q(led_services__service__programme=self.team.programme_id)
        inside = Q(memberships__team=self.team_id, memberships__left_at=None)
        people = User.objects.filter(inside if self.is_for_team else leads, is_active=True).distinct()
        return people.order_by("name", "pk").prefetch_related("led_services__service")

    def missing(self) -> list:
        """What it still needs before it can be shared (domain.md §2)."""
        wanted = [
            ("the goal it is judged against", self.goal),
            ("at least one item", self.items.in_use().exists()),
            ("at least one reviewer", self.reviewers.current().exists()),
            ("a day to reply by, today or later", self.reply_by and self.reply_by >= timezone.localdate()),
        ]
        return [words for words, there in wanted if not there]

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        """Change the words of the draft. Raises Conflict when somebody saved since it was read."""
        self.refuse_if_closed()
        if words := self.rewrite(**fields):
            self.record(f"changed the {words}", by=by)

    @transaction.atomic
    def add_item(self, part, *, by, **fields):
        """Put something in at the end of its part of the page."""
        self.hold()
        if self.items.in_use().count() >= MOST_ITEMS:
            raise ValidationError(f"A playback holds at most {MOST_ITEMS} items. Take something out first")
        item = self.items.append(self, Part(part), **fields)
        self.record(f"put in “{item.headline}”", by=by)
        return item

    @transaction.atomic
    def ask(self, people, *, by):
        """Make people reviewers. Returns those who were not before."""
        self.refuse_if_closed()
        new = [person for person in people if self.reviewers.invite(self, person, by=by)]
        if new:
            self.record(f"asked {', '.join(map(str, new))} to answer", by=by)
        return new

    @transaction.atomic
    def stop_asking(self, reviewer, *, by):
        """They can no longer open it. What they answered stays."""
        self.refuse_if_closed()
        reviewer.remove()
        self.record(f"no longer asks {reviewer}", by=by)

    @transaction.atomic
    def share(self, *, by):
        """Freeze the draft as the next edition. Raises ValidationError while something is missing."""
        self.hold()
        if missing := self.missing():
            raise ValidationError(f"Before you share it, add {' and '.join(missing)}")
        if not self.differs():
            raise ValidationError(f"Nothing differs from edition {self.edition}, so there is nothing new to share")
        self.edition += 1
        self.state = PlaybackState.SHARED
        self.save_changes("edition", "state")
        edition = self.editions.freeze(self, by=by)
        self.record(f"shared edition {edition.number}", by=by)
        return edition

    def differs(self, newest=None) -> bool:
        """Whether the draft is not what the newest edition says; whoever has that at hand need not look for it."""
        newest = newest or self.current_edition()
        return newest is None or newest.is_unlike(self)

    @transaction.atomic
    def close(self, outcomes, *, by):
        """Say what becomes of each item of the newest edition: (item, its result, words, what it is taken up as)."""
        self.hold()
        if not self.is_shared:
            raise ValidationError("Only a playback that is shared can be closed")
        for outcome in outcomes:
            outcome.settle(by=by)
        if self.current_edition().items.filter(item__outcome=None).exists():
            raise ValidationError("Each item needs an outcome")
        self.state, self.closed_at, self.closed_by = PlaybackState.CLOSED, timezone.now(), by
        self.save_changes("state", "closed_at", "closed_by")
        self.record("closed it with an outcome for each item", by=by)

    # --- How it is written

    def hold(self):
        """Read it again and keep it until the transaction ends; raises ValidationError once it is closed."""
        rows = Playback.objects.select_for_update(no_key=True)
        self.refresh_from_db(fields=["state", "edition", "version", *self.words()], from_queryset=rows)
        self.refuse_if_closed()

    def refuse_if_closed(self):
        if self.is_closed:
            raise ValidationError("This playback is closed. Begin a new one to go on")

    def record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.get_absolute_url())
