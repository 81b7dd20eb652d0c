from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from teams.models import Change, Membership, Programme, Team, User, Versioned
from teams.prepared import prepared

from . import edits, story_split, story_steps, story_undo, story_words, undoing
from .deputy import Deputy
from .opportunity import Opportunity
from .story_rows import LONGEST_TITLE, StoryQuerySet, title_from
from .story_states import CLOSED, OPEN, POINTS, REOPEN, STEPS, Authority, Kind, StoryState
from .story_steps import LONGEST_COMMENT
from .story_table import CONSTRAINTS, INDEXES
from .user_group import AccessNeed, UserGroup


class StoryChannel(models.TextChoices):
    ONLINE = "online", "Online"
    PHONE = "phone", "Phone"
    FACE_TO_FACE = "face_to_face", "Face to face"
    PAPER = "paper", "Paper"
    BOTH = "both", "Online and offline"


class Story(Versioned):
    """A user story, a bug or a task: what a team does next. Child of an opportunity, or of none."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="stories")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="stories")
    number = models.PositiveIntegerField(editable=False)  # from the same sequence as the team's opportunities
    reference = models.CharField(max_length=20, unique=True, editable=False)
    kind = models.CharField("type", max_length=20, choices=Kind, default=Kind.USER_STORY)
    title = models.CharField(max_length=LONGEST_TITLE)
    actor = models.CharField("as", max_length=150, blank=True)
    need = models.CharField("I need to", max_length=300, blank=True)
    so_that = models.CharField("so that", max_length=300, blank=True)
    description = models.TextField(blank=True, max_length=5000)
    points = models.PositiveSmallIntegerField("size", null=True, blank=True, choices=[(n, str(n)) for n in POINTS])
    channel = models.CharField(max_length=20, choices=StoryChannel, blank=True)
    user_group = models.ForeignKey(UserGroup, models.PROTECT, null=True, blank=True, related_name="stories")
    access_needs = ArrayField(models.CharField(max_length=20, choices=AccessNeed), default=list, blank=True)
    assisted_digital = models.BooleanField(default=False)
    source = models.CharField("where it came from", max_length=300, blank=True)
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, blank=True, related_name="stories")
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="stories")
    # Their place in the team: with the assignee it is one key of three columns, so nobody else's can be named.
    assignment = models.ForeignKey(Membership, models.PROTECT, null=True, editable=False, related_name="+")

    state = models.CharField(max_length=20, choices=StoryState, default=StoryState.BACKLOG, editable=False)
    state_since = models.DateTimeField(default=timezone.now, editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    reason = models.CharField(max_length=LONGEST_COMMENT, blank=True, editable=False)  # why it won't be done
    rank = models.TextField(null=True, editable=False, db_collation="C")  # noqa: DJ001 - null: done or refused

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = StoryQuerySet.as_manager()
    together = None  # a mark on changes that are undone as one

    class Meta:
        verbose_name_plural = "stories"
        constraints, indexes = CONSTRAINTS, INDEXES

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("backlog:story", args=[self.reference])

    # --- What it is

    def get_state_display(self):
        return StoryState(self.state).label  # Django would put together a dictionary of all labels for each row

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def access_need_labels(self) -> list[str]:
        return [AccessNeed(need).label for need in self.access_needs]

    def missing(self, criteria=None) -> dict:
        """What the Definition of Ready still asks of it: field to what is missing, in words."""
        return story_words.missing(self, criteria)

    def authority_of(self, user) -> Authority:
        return Deputy.objects.authority(user, self.team)

    def steps(self, authority: Authority) -> dict:
        """State to Step: where somebody with this authority may take it from here. It asks no query."""
        return {to: step for (start, to), step in STEPS.items() if start == self.state and step.open_to(authority)}

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, criteria=None, **fields):
        """Change its words and facts, those that differ. Raises Conflict when somebody saved since it was read."""
        self.lock()
        if "title" in fields or "need" in fields:
            fields["title"] = fields.get("title", self.title) or title_from(fields.get("need", self.need))
        if fields.get("assignee", self.assignee) != self.assignee:  # a leaver keeps what is theirs
            fields["assignment"] = self.place_of(fields["assignee"])
        story_words.check(self, fields, criteria)
        lines = list(self.criteria.values_list("text", "done"))
        differ = edits.differing(self, fields)
        if criteria is not None and [text for text, _ in lines] != criteria:
            differ.append("criteria")
        if not differ:
            return
        self.change(edits.in_words(differ), by=by, undo_also={"criteria": lines}, **fields)
        if criteria is not None:
            story_words.write_criteria(self, criteria)

    def mark_ready(self, *, by):
        self.move_to(StoryState.READY, by=by)

    @transaction.atomic
    def move_to(self, state, *, by, comment=""):
        """Any step that domain.md §2.2 allows, by its state alone: a board needs no other verb.

        Raises ValidationError with the sentence to show. Reopening is not among the steps: see `reopen`.
        """
        story_steps.move_to(self, state, by=by, comment=comment)

    @transaction.atomic
    def reopen(self, *, by):
        """Done to In progress. Only while its sprint is active, which the caller knows: stories know no sprints."""
        if self.state != StoryState.DONE:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so there is nothing to reopen")
        return story_steps.take(self, REOPEN, StoryState.IN_PROGRESS, by=by)

    @transaction.atomic
    def assign(self, user, *, by):
        """Give it to somebody of the team, or to nobody."""
        if user == self.assignee:
            return
        words = f"assigned it to {user}" if user else "left it to nobody"
        self.change(words, by=by, assignee=user, assignment=self.place_of(user))

    @transaction.atomic
    def resize(self, points, *, by):
        """Size it anew. Raises ValidationError where its state does not allow that."""
        if points == self.points:
            return
        story_words.check(self, {"points": points}, None)
        self.change(f"sized it {points}" if points else "took its size away", by=by, points=points)

    @transaction.atomic
    def tick(self, criterion, *, by, done=True):
        """Tick one line of "It's done when…", or untick it. Edits and moves of the story are not disturbed by it."""
        self.lock()
        if self.state in CLOSED:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so its criteria stay as they are")
        if self.criteria.filter(pk=criterion.pk).exclude(done=done).update(done=done):
            self.record(f"{'ticked' if done else 'unticked'} “{criterion.text}”", by=by)
        criterion.done = done

    @transaction.atomic
    def split(self, parts, *, by) -> list:
        """Several smaller stories in its place: (title, points, which criteria) for each."""
        return story_split.split(self, parts, by=by)

    def record(self, words, *, by, undo=None):
        return Change.objects.record(
            self, words, by=by, team=self.team, label=str(self)[:200], url=self.get_absolute_url(), undo=undo
        )

    # --- Undo

    def may_be_undone_by(self, user, standing, change):
        return undoing.may_be_undone(self, change, user, standing)

    @transaction.atomic
    def undo(self, change, *, by):
        """Put back what `change` and what belongs to it replaced. Raises Conflict when the story has changed since,
        and ValidationError when that would lose something."""
        story_undo.take_back(self, change, by=by)

    def order(self):
        """The order it stands in, held until the transaction ends."""
        from .story_order import StoryOrder  # the order is made of stories

        return StoryOrder.locked(self.team)

    # --- How it is written

    def place_of(self, user):
        """Somebody's place in the team. Raises ValidationError when they have none."""
        place = self.team.memberships.current().filter(user=user).first() if user else None
        if user and place is None:
            raise ValidationError({"assignee": f"{user} is not in {self.team}. Choose somebody who is"})
        return place

    def lock(self):
        """Ticks, edits and steps of one story come one after the other. What it is by now, and stays meanwhile."""
        rows = type(self).objects.select_for_update(no_key=True)
        self.state = rows.values_list("state", flat=True).get(pk=self.pk)

    def change(self, words, *, by, remember=True, undo_also=None, **fields):
        """One write and one line of history, which it returns; raises Conflict when the row has moved on."""
        before = undoing.as_they_are(self, fields)
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        if "points" in before and before["points"] != self.points:
            self.sizes.create(points=self.points, by=by, by_name=by.name)
        return self.record(words, by=by, undo=undoing.note(self, before, undo_also) if remember else None)


@prepared
def stories_under(opportunity: int):
    return Story.objects.filter(opportunity=opportunity).for_their_opportunity()
