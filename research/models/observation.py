import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, Sum
from django.utils import timezone

from backlog.models import Opportunity, Story
from teams.models import User, Versioned

from .session import Session
from .stamp import Stamp
from .states import Consent, Scope

LONGEST = 1000
MOST_LINES = 200  # in one sending
SEARCHED = SearchVector("text", config="english")


class Kind(models.TextChoices):
    SAID = "said", "Said"
    DID = "did", "Did"
    CONTEXT = "context", "Context"


PREFIXES = {'"': Kind.SAID, "“": Kind.SAID, ">": Kind.DID, ".": Kind.CONTEXT}


class ObservationQuerySet(models.QuerySet):
    def in_order(self):
        return self.order_by("pk")

    def by_session(self):
        """One session after the other. By key alone the notes of all earlier rounds would be read to find these."""
        return self.order_by("session_id", "pk")

    def after(self, last):
        """What follows `last` there."""
        return self.filter(Q(session_id__gt=last.session_id) | Q(session_id=last.session_id, pk__gt=last.pk))

    def with_findings(self):
        """Each knows `in_findings`, a list of what they say."""
        findings = self.model.findings.rel.related_model.objects.only("statement")
        return self.prefetch_related(Prefetch("findings", findings, "in_findings"))

    def with_what_came_of_them(self):
        """And `made_opportunities` and `made_stories`, lists of what they are called."""
        return (
            self.in_order()
            .with_findings()
            .prefetch_related(
                Prefetch("opportunities", Opportunity.objects.only("reference", "title"), "made_opportunities"),
                Prefetch("stories", Story.objects.only("reference", "title"), "made_stories"),
            )
        )

    def with_code(self):
        """What they say, and in which session."""
        return self.select_related("session").only("kind", "text", "session__code")

    def of_round(self, round_):
        return self.filter(session__round=round_)

    def grouped(self):
        return self.filter(Exists(self.model.findings.through.objects.filter(observation=OuterRef("pk"))))

    def not_grouped(self):
        return self.exclude(Exists(self.model.findings.through.objects.filter(observation=OuterRef("pk"))))

    def shareable(self):
        """What may be read outside the team: marked by the researcher, with consent, and not of a sensitive subject."""
        agreed = Q(session__consent_scopes__contains=[Scope.QUOTES], session__round__sensitive=False)
        return self.filter(agreed, safe_at__isnull=False)

    def matching(self, text):
        words = SearchQuery(text, search_type="websearch", config="english")
        return self.annotate(searched=SEARCHED).filter(searched=words)

    def stamp(self) -> Stamp:
        seen = self.aggregate(count=Count("pk"), last=Max("pk"), writes=Sum("version"))
        return Stamp(seen["count"], seen["last"] or 0, seen["writes"] or 0)

    def added_since(self, seen):
        """In their order; None where something on the page that has `seen` the others is gone or rewritten."""
        new = list(self.with_what_came_of_them().filter(pk__gt=seen.last))
        return new if seen.with_more(new) == self.stamp() else None

    def add_lines(self, session, lines, *, by, key):
        """One row a line. The key of a sending names its lines, so the same sending makes each only once."""
        if len(lines) > MOST_LINES:
            raise ValidationError(f"Send at most {MOST_LINES} lines at a time")
        return self.bulk_create(
            [
                Observation(
                    session=session, kind=kind, text=text, by=by, by_name=by.name, key=uuid.uuid5(key, str(number))
                )
                for number, (kind, text) in enumerate(lines)
            ],
            ignore_conflicts=True,
        )


class Observation(Versioned):
    """One thing seen or heard. History never holds its words, only that they changed."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="observations")
    # With the session one key of two columns: while a row stands here, its session's consent cannot be anything else.
    consent = models.CharField(max_length=12, default=Consent.GIVEN, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.CharField(max_length=LONGEST)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    by_name = models.CharField(max_length=100, editable=False)
    at = models.DateTimeField(default=timezone.now, editable=False)
    opportunities = models.ManyToManyField(Opportunity, related_name="observations", editable=False)
    stories = models.ManyToManyField(Story, related_name="observations", editable=False)
    key = models.UUIDField(default=uuid.uuid4, editable=False)
    safe_at = models.DateTimeField(null=True, editable=False)  # when the researcher marked it safe to share

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="a_line_is_sent_once"),
            models.CheckConstraint(name="an_observation_says_something", condition=~Q(text="")),
            models.CheckConstraint(name="an_observation_has_consent", condition=Q(consent=Consent.GIVEN)),
            models.CheckConstraint(name="only_what_was_said_is_shared", condition=Q(safe_at=None) | Q(kind=Kind.SAID)),
        ]
        indexes = [GinIndex(SEARCHED, name="observation_search")]

    def __str__(self):
        return "The note"  # its words would stand in messages and logs

    @property
    def is_quote(self):
        return self.kind == Kind.SAID

    @transaction.atomic
    def edit(self, *, by, kind, text):
        self.kind, self.text, self.safe_at = kind, text, None  # other words have to be looked at again
        self.save_changes("kind", "text", "safe_at")
        self.session.record("rewrote an observation", by=by)

    @transaction.atomic
    def set_shareable(self, is_shareable, *, by):
        """Nobody can be recognised by it, so it may be read outside the team."""
        if is_shareable and not self.is_quote:
            raise ValidationError("Only what somebody said is shared word for word")
        if is_shareable and (why := self.session.why_no_quotes()):
            raise ValidationError(why)
        self.safe_at = timezone.now() if is_shareable else None
        self.save_changes("safe_at")
        self.session.record("marked a quote safe to share" if is_shareable else "took a quote back from sharing", by=by)

    @transaction.atomic
    def remove(self, *, by):
        """Written by mistake. Findings that rested on it are counted anew by the caller."""
        self.session.record("removed an observation", by=by)
        self.delete()


def read_lines(text: str, kind: str) -> list[tuple[str, str]]:
    """(kind, text) of each line that says something; a prefix names the kind, else `kind` does."""
    read = []
    for line in map(str.strip, text.splitlines()):
        prefix = PREFIXES.get(line[:1])
        words = line[1:].strip() if prefix else line
        if prefix == Kind.SAID:
            words = words.rstrip('"”').strip()
        if words:
            read.append((prefix or kind, words))
    return read
