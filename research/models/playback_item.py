from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from backlog.fractional import after, between
from backlog.models import Opportunity, Story
from teams.models import Change, Team, Versioned

from .finding import Finding, FindingKind
from .playback import Playback
from .playback_states import Part

FEW = 3  # of fewer people no number is shown outside the team (domain.md §5)


class PlaybackItemQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(removed_at=None)

    def in_order(self):
        return self.order_by("part", "place", "pk")

    def with_sources(self):
        sources = self.select_related("opportunity__stage", "story", "finding__stage")
        return sources.prefetch_related("opportunity__themes")

    def append(self, playback, part, **fields):
        last = self.filter(playback=playback, part=part).order_by("place").last()
        place = after(last.place if last else None)
        return self.create(playback=playback, team=playback.team, part=part, place=place, **fields)


class PlaybackItem(Versioned):
    """One thing that is played back: where it comes from, and how the team words it in the draft."""

    playback = models.ForeignKey(Playback, models.PROTECT, related_name="items")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    part = models.PositiveSmallIntegerField(choices=Part)
    opportunity = models.ForeignKey(Opportunity, models.PROTECT, null=True, related_name="playback_items")
    story = models.ForeignKey(Story, models.PROTECT, null=True, related_name="playback_items")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="playback_items")
    kind = models.CharField("what kind it is", max_length=20, choices=FindingKind, blank=True)  # a finding has its own
    headline = models.CharField(max_length=200)
    words = models.TextField("in plain words", max_length=2000, blank=True)
    iteration = models.PositiveSmallIntegerField(null=True, blank=True)
    link = models.URLField("where it can be seen", max_length=500, blank=True)
    place = models.TextField(db_collation="C", editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)  # it stays in the editions that hold it

    objects = PlaybackItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="playback_item_has_a_headline", condition=~Q(headline="")),
            models.CheckConstraint(
                name="playback_item_comes_from_what_its_part_says",
                condition=(Q(part=Part.LEARNED, story=None) & (Q(opportunity=None) | Q(finding=None)))
                | Q(part=Part.OPPORTUNITY, opportunity__isnull=False, story=None, finding=None)
                | Q(part=Part.STORY, story__isnull=False, opportunity=None, finding=None)
                | Q(part=Part.OUTPUT, story=None, opportunity=None, finding=None),
            ),
            models.CheckConstraint(
                name="only_what_was_learned_is_of_a_kind",
                condition=Q(kind="") | Q(part=Part.LEARNED, finding=None, kind__in=FindingKind.values),
            ),
            models.CheckConstraint(
                name="only_an_output_has_a_link", condition=Q(part=Part.OUTPUT) | Q(iteration=None, link="")
            ),
            models.UniqueConstraint(
                fields=["playback", "opportunity", "part"],
                condition=Q(removed_at=None),
                name="an_opportunity_is_played_back_once",
            ),
            models.UniqueConstraint(
                fields=["playback", "finding"], condition=Q(removed_at=None), name="a_finding_is_played_back_once"
            ),
            models.UniqueConstraint(
                fields=["playback", "story"],
                condition=Q(removed_at=None),
                name="a_story_is_played_back_once",
            ),
        ]
        indexes = [models.Index(fields=["playback", "part", "place"], name="playback_order")]

    def __str__(self):
        return self.headline

    def get_absolute_url(self):
        return f"{self.playback.get_absolute_url()}#item-{self.pk}"

    # --- What it is

    @property
    def source(self):
        return self.opportunity or self.story or self.finding

    def kind_in_words(self) -> str:
        return self.finding.get_kind_display() if self.finding else self.get_kind_display()

    @property
    def thread(self) -> str:
        """The page of all that stands behind it, for the team."""
        if self.finding:
            return self.finding.get_absolute_url()
        name = "opportunity_thread" if self.opportunity else "story_thread"
        return reverse(f"research:{name}", args=[self.source.reference])

    def as_it_is(self) -> dict:
        """What an edition says of it. Whole words: nothing that is joined later, and no number of few people."""
        facts = {name: getattr(self, name) for name in ("part", "headline", "words", "iteration", "link")}
        facts["kind"] = self.kind_in_words()
        if self.finding:
            one = self.finding
            facts |= {"heard": heard_from(one.people), "stage": stage_of(one)}
        elif self.opportunity:
            one = self.opportunity
            facts |= {"heard": heard_from(one.evidence), "stage": stage_of(one)}
        if self.part == Part.OPPORTUNITY:
            facts |= {"reference": one.reference, "value": one.value, "size": one.size}
            facts["themes"] = [theme.name for theme in one.themes.all()]
        elif self.story:
            facts["reference"] = self.story.reference
        return facts

    def as_shared(self):
        """As the newest edition that holds it says it; None before it was shared."""
        return self.frozen.select_related("edition").order_by("-edition__number").first()

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, **fields):
        self.playback.hold()
        if words := self.rewrite(**fields):
            self._record(f"changed the {words}", by=by)

    @transaction.atomic
    def remove(self, *, by):
        """Out of the draft. The editions that hold it, and what was answered to it, stay."""
        self.playback.hold()
        if self.frozen.exists():
            self.removed_at = timezone.now()
            self.save_changes("removed_at")
        else:
            self.delete()
        self.playback.record(f"took out “{self.headline}”", by=by)

    @transaction.atomic
    def move(self, to, *, by, place=None, other=None):
        """Elsewhere in its part: top, up, down, bottom, to a place, or beside another. Returns what it now precedes."""
        self.playback.hold()
        others = list(self.playback.items.in_use().filter(part=self.part).exclude(pk=self.pk).in_order())
        at = self._index(to, others, place, other)
        low, high = others[at - 1].place if at else None, others[at].place if at < len(others) else None
        self.place = between(low, high)
        self.save_changes("place")
        self.playback.record(f"moved “{self.headline}” to place {at + 1}", by=by)
        return others[at] if at < len(others) else None

    def _index(self, to, others, place, other):
        here = sum(one.place < self.place for one in others)
        if to in ("before", "after"):
            keys = [str(one.pk) for one in others]
            if other not in keys:
                raise ValidationError("Choose another item of the same part of the page")
            return keys.index(other) + (to == "after")
        wanted = {"top": 0, "up": here - 1, "down": here + 1, "bottom": len(others), "place": (place or 1) - 1}[to]
        return max(0, min(len(others), wanted))

    def _record(self, words, *, by):
        return Change.objects.record(self, words, by=by, team=self.team, url=self.playback.get_absolute_url())


def heard_from(people: int) -> str:
    """In words: of one or two people no number leaves the team."""
    if not people:
        return ""
    return f"Heard from {people:,} people" if people >= FEW else f"Heard from fewer than {FEW} people"


def stage_of(source) -> str:
    return source.stage.name if source.stage else ""


def wording_of(source) -> dict:
    """How an opportunity, a story or a finding is worded until the team words it itself."""
    if isinstance(source, Finding):
        return {"finding": source, "headline": source.statement, "words": source.detail}
    if isinstance(source, Story):
        return {"story": source, "headline": source.title[:200]}
    return {"opportunity": source, "headline": source.title, "words": source.recommendation}
