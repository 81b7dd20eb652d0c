import datetime as dt
from copy import copy

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backlog.fractional import spread
from teams.models import Change, Conflict, Membership, Programme, Team, User, Versioned

from .deputy import Deputy
from .opportunity import Opportunity
from .story_rows import LONGEST_TITLE, SEARCHED, StoryQuerySet, title_from
from .story_states import (
    CLOSED,
    OPEN,
    POINTS,
    READY_OR_LATER,
    REFUSED,
    REOPEN,
    SPLITTABLE,
    STEPS,
    Authority,
    Kind,
    StoryState,
)
from .user_group import AccessNeed, UserGroup

MOST_CRITERIA = 30
LONGEST_COMMENT = 1000
INHERITED = [  # by what a story is split into
    "kind",
    "actor",
    "need",
    "so_that",
    "description",
    "channel",
    "user_group",
    "access_needs",
    "assisted_digital",
    "opportunity",
    "assignee",
]


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

    class Meta:
        verbose_name_plural = "stories"
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="story_number_is_unique_in_team"),
            models.UniqueConstraint(
                fields=["team", "rank"], name="story_rank_is_unique_in_team", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(name="story_kind_is_known", condition=Q(kind__in=Kind.values)),
            models.CheckConstraint(name="story_points_are_on_the_scale", condition=Q(points__in=POINTS)),
            models.CheckConstraint(name="story_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="open_stories_are_ranked",
                condition=Q(state__in=OPEN, rank__isnull=False) | Q(state__in=CLOSED, rank=None),
            ),
            models.CheckConstraint(
                name="done_stories_say_when",
                condition=Q(state=StoryState.DONE, done_at__isnull=False)
                | (~Q(state=StoryState.DONE) & Q(done_at=None)),
            ),
            models.CheckConstraint(
                name="story_wont_do_says_why", condition=~Q(state=StoryState.WONT_DO) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="ready_stories_are_sized", condition=~Q(state__in=READY_OR_LATER) | Q(points__isnull=False)
            ),
            models.CheckConstraint(
                name="ready_user_stories_say_who_what_and_why",
                condition=~Q(state__in=READY_OR_LATER, kind=Kind.USER_STORY)
                | (~Q(actor="") & ~Q(need="") & ~Q(so_that="")),
            ),
            models.CheckConstraint(
                name="assignee_has_a_place_in_the_team",
                condition=Q(assignee=None, assignment=None) | Q(assignee__isnull=False, assignment__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["team", "rank"], name="team_stories", condition=Q(rank__isnull=False)),
            models.Index(fields=["team", "state", "rank"], name="team_stories_by_state"),
            models.Index(fields=["team", "-done_at"], name="team_stories_done", condition=Q(done_at__isnull=False)),
            models.Index(fields=["assignee", "state"], name="stories_of_a_person", condition=Q(rank__isnull=False)),
            GinIndex(SEARCHED, name="story_search"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("backlog:story", args=[self.reference])

    # --- What it is

    @property
    def is_open(self):
        return self.state in OPEN

    @property
    def access_need_labels(self) -> list[str]:
        return [AccessNeed(need).label for need in self.access_needs]

    def missing(self, criteria=None) -> dict:
        """What the Definition of Ready still asks of it (domain.md §2.2): field to what is missing, in words."""
        asked = {"points": "a size"}
        if self.kind == Kind.USER_STORY:
            asked = {"actor": "who it is for", "need": "what they need", "so_that": "what for", **asked}
        missing = {field: words for field, words in asked.items() if not getattr(self, field)}
        has_criteria = self.criteria.exists() if criteria is None else any(criteria)
        return missing if has_criteria else missing | {"criteria": "an acceptance criterion"}

    def authority_of(self, user) -> Authority:
        return Deputy.objects.authority(user, self.team)

    def steps(self, authority: Authority) -> dict:
        """State to Step: where somebody with this authority may take it from here. It asks no query."""
        return {to: step for (start, to), step in STEPS.items() if start == self.state and step.open_to(authority)}

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, criteria=None, **fields):
        """Change its words and facts. Raises Conflict when somebody saved since it was read."""
        self._hold()
        if "title" in fields or "need" in fields:
            fields["title"] = fields.get("title", self.title) or title_from(fields.get("need", self.need))
        if fields.get("assignee", self.assignee) != self.assignee:  # a leaver keeps what is theirs
            fields["assignment"] = self.place_of(fields["assignee"])
        self._check_words(fields, criteria)
        lines = list(self.criteria.values_list("text", "done"))
        self._set("edited", by=by, undo_also={"criteria": lines}, **fields)
        if criteria is not None:
            self.write_criteria(criteria)

    def mark_ready(self, *, by):
        self.move_to(StoryState.READY, by=by)

    def start(self, *, by):
        self.move_to(StoryState.IN_PROGRESS, by=by)

    def send_to_review(self, *, by):
        self.move_to(StoryState.IN_REVIEW, by=by)

    def ask_for_sign_off(self, *, by):
        self.move_to(StoryState.SIGN_OFF, by=by)

    def sign_off(self, *, by, comment=""):
        """Done: by the product owner or a deputy, once every criterion is ticked."""
        self.move_to(StoryState.DONE, by=by, comment=comment)

    def send_back(self, comment, *, by):
        """Not accepted: back to In progress, with what is missing."""
        if self.state != StoryState.SIGN_OFF:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so it cannot be returned")
        self.move_to(StoryState.IN_PROGRESS, by=by, comment=comment)

    def hold(self, *, by):
        self.move_to(StoryState.ON_HOLD, by=by)

    def resume(self, *, by):
        """Off hold: Ready again if it was and still can be, otherwise in the backlog."""
        held = self.moves.filter(to_state=StoryState.ON_HOLD).order_by("-at", "-pk").first()
        was_ready = held is not None and held.from_state == StoryState.READY
        self.move_to(StoryState.READY if was_ready and not self.missing() else StoryState.BACKLOG, by=by)

    def refuse(self, reason, *, by):
        """Won't do, for a reason."""
        self.move_to(StoryState.WONT_DO, by=by, comment=reason)

    def move_to(self, state, *, by, comment=""):
        """Any step that domain.md §2.2 allows, by its state alone: a board needs no other verb.

        Raises ValidationError with the sentence to show. Reopening is not among the steps: see `reopen`.
        """
        step = STEPS.get((self.state, state))
        if step is None:
            raise ValidationError(self._no_way_to(state))
        self._take(step, state, by=by, comment=comment.strip())

    def reopen(self, *, by):
        """Done to In progress. Only while its sprint is active, which the caller knows: stories know no sprints."""
        if self.state != StoryState.DONE:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so there is nothing to reopen")
        self._take(REOPEN, StoryState.IN_PROGRESS, by=by)

    @transaction.atomic
    def assign(self, user, *, by):
        """Give it to somebody of the team, or to nobody."""
        if user == self.assignee:
            return
        words = f"assigned it to {user}" if user else "left it to nobody"
        self._set(words, by=by, assignee=user, assignment=self.place_of(user))

    @transaction.atomic
    def tick(self, criterion, *, by, done=True):
        """Tick one line of "It's done when…", or untick it. Edits and moves of the story are not disturbed by it."""
        self._hold()
        if self.state in CLOSED:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so its criteria stay as they are")
        if self.criteria.filter(pk=criterion.pk).exclude(done=done).update(done=done):
            self.record(f"{'ticked' if done else 'unticked'} “{criterion.text}”", by=by)
        criterion.done = done

    @transaction.atomic
    def split(self, parts, *, by) -> list:
        """Several smaller stories in its place: (title, points, which criteria) for each.

        They take its words, its parent and where it came from, and stand where it stood; what was one story is not
        done, for it has become them.
        """
        if self.state not in SPLITTABLE:
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so it can no longer be split")
        if len(parts) < 2:
            raise ValidationError("Enter at least two titles. A story that is split becomes several")
        self._hold()
        shared = {name: getattr(self, name) for name in INHERITED}
        source = self.source or f"Split from {self.reference}"
        drafts = [
            {**shared, "source": source, "title": title, "points": points, "criteria": criteria}
            for title, points, criteria in parts
        ]
        stories = type(self).objects.add_many(self.team, drafts, by=by)
        for one, key in zip(stories, spread(len(stories), self.rank, self._rank_behind(stories)), strict=True):
            one.rank = key
        type(self).objects.bulk_update(stories, ["rank"])
        became = _listed([one.reference for one in stories])
        for one in stories:
            one.record(f"came of splitting {self.reference}", by=by)
        self._write_step(StoryState.WONT_DO, f"split it into {became}", by=by, comment=f"Split into {became}")
        return stories

    def _rank_behind(self, but):
        behind = type(self).objects.filter(team=self.team, rank__gt=self.rank).exclude(pk__in=[one.pk for one in but])
        return behind.order_by("rank").values_list("rank", flat=True).first()

    @transaction.atomic
    def add_link(self, title, address, *, by):
        link = self.links.create(title=title, address=address, added_by=by)
        self.record(f"added the link “{title}”", by=by)
        return link

    @transaction.atomic
    def remove_link(self, link, *, by):
        self.record(f"removed the link “{link.title}”", by=by)
        link.delete()

    def record(self, words, *, by, undo=None):
        return Change.objects.record(
            self, words, by=by, team=self.team, label=str(self)[:200], url=self.get_absolute_url(), undo=undo
        )

    # --- Undo

    def may_be_undone_by(self, user, standing, change):
        """By whoever did it or the product owner, until somebody changes the same thing, for seven days (§2.3)."""
        return (
            change.may_still_be_undone
            and change.undo.get("version") == self.version
            and (change.who_id == user.pk or standing.may("decide"))
        )

    @transaction.atomic
    def undo(self, change, *, by):
        """Put back what `change` replaced. Raises Conflict when the story has changed since."""
        if change.undo.get("version") != self.version:
            raise Conflict(self)
        was = self.state
        before = {name: self._from_json(name, old) for name, old in change.undo["fields"].items()}
        self._set(f"undid “{change.words}”", by=by, remember=False, **before)
        if "criteria" in change.undo:
            self.write_criteria([text for text, _ in change.undo["criteria"]], ticks=dict(change.undo["criteria"]))
        if self.state != was:
            self.step_taken(was, self.state, by=by).save()
        change.undone_at = timezone.now()
        change.save(update_fields=["undone_at"])

    def _from_json(self, name, old):
        field = self._meta.get_field(name)
        if name == "rank" and old:
            return self._order().free_key_at(old)
        if field.is_relation:
            return field.related_model._base_manager.filter(pk=old).first()
        return field.to_python(old)

    def _order(self):
        from .story_order import StoryOrder  # the order is made of stories

        return StoryOrder.locked(self.team)

    # --- How it is written

    @transaction.atomic
    def _take(self, step, state, *, by, comment=""):
        self._check(step, state, by, comment)
        self._write_step(state, f"{step.words}: {comment}" if comment else step.words, by=by, comment=comment)

    def _write_step(self, state, words, *, by, comment=""):
        was, now = self.state, timezone.now()
        fields = {"state": state, "state_since": now}
        if state == StoryState.WONT_DO:
            fields["reason"] = comment
        if state == StoryState.DONE or was == StoryState.DONE:
            fields["done_at"] = now if state == StoryState.DONE else None
        if state in CLOSED or was in CLOSED:
            fields["rank"] = None if state in CLOSED else type(self).objects.keys_at_end(self.team)[0]
        # What was signed off is taken back by reopening it, which its sprint has a say in.
        self._set(words, by=by, remember=state != StoryState.DONE, **fields)
        self.step_taken(was, state, by=by, comment=comment).save()

    def _check(self, step, state, by, comment):
        self._hold()
        if step.by and not step.open_to(self.authority_of(by)):
            raise ValidationError(REFUSED[step.by])
        if step.asks and not comment:
            raise ValidationError(step.asks)
        if len(comment) > LONGEST_COMMENT:
            raise ValidationError(f"Use {LONGEST_COMMENT:,} characters at most")
        if state == StoryState.READY and (missing := self.missing()):
            raise ValidationError(f"Before {self.reference} is ready, say {_listed(missing.values())}")
        if state == StoryState.DONE and (open_ := self.criteria.filter(done=False).count()):
            lines = "1 acceptance criterion is" if open_ == 1 else f"{open_} acceptance criteria are"
            raise ValidationError(f"{lines} not ticked yet, so {self.reference} cannot be signed off")

    def _no_way_to(self, state):
        if state not in StoryState.values:
            return "Choose a state from the list"
        now, wanted = self.get_state_display(), StoryState(state).label
        if state == self.state:
            return f"{self.reference} is “{now}” already"
        if self.state == StoryState.DONE:
            return f"{self.reference} is done. The product owner can reopen it while its sprint is active"
        ways = [StoryState(to).label for start, to in STEPS if start == self.state]
        if not ways:
            return f"{self.reference} is “{now}” and stays so. Add a new item if it is wanted after all"
        names = " or ".join(f"“{way}”" for way in ways)
        return f"{self.reference} is “{now}”: it cannot become “{wanted}” from there, only {names}"

    def _check_words(self, fields, criteria):
        """What the database would refuse of an edit, as sentences beside the fields."""
        edited = copy(self)
        for name, new in fields.items():
            setattr(edited, name, new)
        if not edited.title:
            raise ValidationError({"title": "Enter a title, or what the user needs"})
        if self.state == StoryState.DONE and edited.points != self.points:
            raise ValidationError({"points": "It is done: its size has been counted and stays as it is"})
        missing = edited.missing(criteria) if self.state in READY_OR_LATER else {}
        if missing:
            state = self.get_state_display()
            raise ValidationError({name: f"It is “{state}”, so it must say {words}" for name, words in missing.items()})

    def place_of(self, user):
        """Somebody's place in the team. Raises ValidationError when they have none."""
        place = self.team.memberships.current().filter(user=user).first() if user else None
        if user and place is None:
            raise ValidationError({"assignee": f"{user} is not in {self.team}. Choose somebody who is"})
        return place

    def write_criteria(self, texts, ticks=None):
        """Its criteria are now these lines; a line that was there before keeps its tick."""
        texts = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
        if len(texts) > MOST_CRITERIA:
            raise ValidationError({"criteria": f"Enter {MOST_CRITERIA} criteria at most. A story with more is several"})
        was = {one.text: one.done for one in self.criteria.all()}
        if [*was] == texts:
            return
        ticks = (ticks or {}) | was
        self.criteria.all().delete()
        lines = [
            self.criteria.model(story=self, position=place, text=text, done=ticks.get(text, False))
            for place, text in enumerate(texts, 1)
        ]
        self.criteria.bulk_create(lines)

    def step_taken(self, was, state, *, by, comment=""):
        """The row, not yet saved, that remembers a step."""
        return self.moves.model(
            story=self,
            team_id=self.team_id,
            from_state=was,
            to_state=state,
            points=self.points,
            comment=comment,
            by=by,
            by_name=by.name,
        )

    def _hold(self):
        """Ticks, edits and steps of one story come one after the other."""
        type(self).objects.select_for_update(no_key=True).get(pk=self.pk)

    def _set(self, words, *, by, remember=True, undo_also=None, **fields):
        """One write and one line of history; raises Conflict when the row has moved on."""
        before = {name: _as_json(getattr(self, self._meta.get_field(name).attname)) for name in fields}
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields)
        if "points" in before and before["points"] != self.points:
            self.sizes.create(points=self.points, by=by, by_name=by.name)
        undo = {"fields": before, "version": self.version, **(undo_also or {})}
        self.record(words, by=by, undo=undo if remember else None)


def _as_json(value):
    return value.isoformat() if isinstance(value, dt.date) else value


def _listed(words) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
