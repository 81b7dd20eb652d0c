"""What can be asked of many opportunities at once."""

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import SearchVector
from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, When, Window
from django.db.models.functions import Lower, RowNumber
from django.utils import timezone

from teams.models import Service, Theme

from . import searching
from .journey import UNPLACED
from .merit import MERIT_ORDER
from .states import OPEN, SET_ASIDE, State

MOST_AT_A_STAGE = 50  # shown on a journey map; its list leads on to all
SEARCHED = SearchVector("reference", "title", weight="A", config="english") + SearchVector(
    "recommendation", "description", "evidence_note", weight="B", config="english"
)


class OpportunityQuerySet(models.QuerySet):
    def seen_by(self, user):
        return self.filter(team__memberships__in=user.memberships.current())

    def known_to(self, user):
        """Those of their teams, and what other teams of their programmes took forward: all that a team member reads."""
        own = user.memberships.current()
        shown = Q(rank__isnull=False, programme__in=own.values("team__programme"))
        return self.filter(Q(team__in=own.values("team")) | shown)

    def open(self):
        return self.filter(state__in=OPEN)

    def ranked(self):
        """The backlog in the product owners' order."""
        return self.filter(rank__isnull=False).order_by("rank")

    def for_list(self):
        """What a row of the list shows; themes come as ids, for the page knows their names."""
        themes = self.model.themes.through.objects.filter(opportunity=OuterRef("pk")).order_by("theme__position")
        return self.annotate(theme_ids=ArraySubquery(themes.values("theme"))).only(
            "team",
            "programme",  # otherwise each row of a programme's list asks for its own
            "reference",
            "number",
            "title",
            "stage_id",
            "stage_position",
            "evidence",
            "must_do",
            "state",
            "value",
            "size",
            "merit",
            "rank",
            "moved",
            "created_at",
            "version",
        )

    def with_themes(self):
        themes = Theme.objects.filter(opportunities=OuterRef("pk")).order_by("position", "pk")
        return self.annotate(theme_names=ArraySubquery(themes.values("name")))

    def with_names(self):
        """What a page of one shows of its neighbours, brought along by the statement that finds it."""
        from .link import Link  # a link leads from an opportunity

        services = Service.objects.filter(opportunities=OuterRef("pk")).order_by(Lower("name"), "pk")
        return self.with_themes().annotate(
            service_names=ArraySubquery(services.values("name")),
            shown_links=ArraySubquery(Link.objects.filter(opportunity=OuterRef("pk")).in_words()),
            took_any_in=Exists(self.model.objects.filter(merged_into=OuterRef("pk"))),
        )

    def counts(self) -> dict:
        """The figures of a team's list in one statement. It reads every row, so only ask it of a short list."""
        open_, ready = Q(state__in=OPEN), Q(state=State.READY)
        return self.aggregate(
            all=Count("pk"),
            open=Count("pk", filter=open_),
            ready=Count("pk", filter=ready),
            set_aside=Count("pk", filter=Q(state__in=SET_ASIDE)),
            not_scored=Count("pk", filter=open_ & Q(merit=None)),
            quick_wins=Count("pk", filter=open_ & Q(value__gte=5, size__lte=3)),
            must_do=Count("pk", filter=open_ & ~Q(must_do="")),
            reviewed=Count("pk", filter=~Q(state=State.NEW) & Q(reviewed_at__isnull=False)),
            reviewable=Count("pk", filter=~Q(state=State.NEW) & ~Q(state=State.MERGED, reviewed_at=None)),
        )

    def matching(self, text):
        """Those that say the words of a search ("quoted phrase", -without), or have the reference."""
        return self.filter(Q(searched=searching.words_of(text)) | Q(reference=text.upper()))

    def saying(self, text):
        """Those that match, in whatever order they are then put.

        The few that a rare word has are found first: otherwise each page walks a whole order for them. Of a common
        word every page of the order has some.
        """
        found = self.matching(text)
        few = list(found.order_by().values_list("pk", flat=True)[: searching.FEW + 1])
        return self.filter(pk__in=few) if len(few) <= searching.FEW else found

    def best_matches(self, text, most=50) -> list:
        found = searching.best_first(self.model.objects, self.matching(text), F("searched"), text)
        return list(found.select_related("team", "stage")[:most])

    def alike(self, title) -> list:
        return searching.alike(self, title)

    def to_review(self):
        return self.filter(state=State.READY)

    def counted_as_reviewable(self):
        """The team's live denominator: all but New, and what was merged before anyone reviewed it (§3)."""
        return self.exclude(state=State.NEW).exclude(state=State.MERGED, reviewed_at=None)

    def reviewed(self):
        return self.counted_as_reviewable().exclude(reviewed_at=None)

    def decided_in(self, session):
        """Those that a review session decided, with what it decided of each as `outcome`."""
        rows = self.filter(review_items__session=session, review_items__outcome__gt="")
        return rows.annotate(outcome=F("review_items__outcome"))

    def review_counts(self) -> dict:
        """The live "24 of 52" of a team; a session's own counter is frozen, so the two may differ."""
        reviewable = self.counted_as_reviewable()
        return reviewable.aggregate(reviewable=Count("pk"), reviewed=Count("reviewed_at"))

    def in_teams(self, teams):
        return self.filter(team__in=teams)

    def due_again(self):
        """Parked, and the day to look again has come; longest ago first."""
        due = self.filter(state=State.PARKED, parked_until__lte=timezone.localdate())
        return due.order_by("parked_until", "pk")

    def counted_by_team(self) -> dict:
        """What Today says of each team, in one query. `reviewed` of `reviewable` is the team's live count (§3)."""
        new, ready, parked = Q(state=State.NEW), Q(state=State.READY), Q(state=State.PARKED)
        reviewable = ~new & ~Q(state=State.MERGED, reviewed_at=None)
        counts = (
            self.order_by()
            .values("team")
            .annotate(
                new=Count("pk", filter=new),
                ready=Count("pk", filter=ready),
                unscored=Count("pk", filter=ready & (Q(value=None) | Q(size=None))),
                needs_evidence=Count("pk", filter=Q(state=State.NEEDS_EVIDENCE)),
                due=Count("pk", filter=parked & Q(parked_until__lte=timezone.localdate())),
                backlog=Count("pk", filter=Q(rank__isnull=False)),
                reviewable=Count("pk", filter=reviewable),
                reviewed=Count("pk", filter=reviewable & Q(reviewed_at__isnull=False)),
            )
        )
        return {row["team"]: row for row in counts}

    def counted_by_theme(self, themes) -> dict:
        return dict(self.order_by().filter(themes__in=themes).values_list("themes").annotate(n=Count("pk")))

    def in_score_order(self):
        """The default order (domain.md §3); what is not scored comes last."""
        return self.order_by(*MERIT_ORDER)

    def scored(self):
        return self.filter(merit__isnull=False)

    def by_value_and_size(self) -> dict:
        """How many scored ones each (value, size) holds: at most 25 cells, however many opportunities."""
        cells = self.scored().order_by().values("value", "size").annotate(count=Count("pk"))
        return {(cell["value"], cell["size"]): cell["count"] for cell in cells}

    def for_matrix(self, most_in_cell, most_in_quadrant):
        """In score order: enough for the dots of every cell and for the first of every quadrant."""
        best = [F("merit").desc(), F("created_at").asc(), F("pk").asc()]
        high, small = Case(When(value__gte=5, then=1), default=0), Case(When(size__lte=3, then=1), default=0)
        rows = self.scored().annotate(
            in_cell=Window(RowNumber(), partition_by=["value", "size"], order_by=best),
            in_quadrant=Window(RowNumber(), partition_by=[high, small], order_by=best),
        )
        return rows.filter(Q(in_cell__lte=most_in_cell) | Q(in_quadrant__lte=most_in_quadrant)).in_score_order()

    def worst_at_each(self, stages, most=MOST_AT_A_STAGE):
        """The first at each stage, most people first: a map of a huge backlog stays a page.

        What was merged stands there as the one it was merged into. A stage sorts its own rows alone, and keeps the
        first: a window over the journey would sort, and carry along, everything that stands on it.
        """
        shown = self.exclude(state=State.MERGED).order_by("-evidence", "number")
        return self.none().union(*(shown.filter(stage=stage)[:most] for stage in stages), all=True)

    @transaction.atomic
    def add(self, team, *, by, themes=(), services=(), **fields):
        """Raise a new opportunity in a team; it takes the next reference number."""
        number = team.take_number()
        opportunity = self.create(
            team=team,
            programme_id=team.programme_id,
            number=number,
            reference=f"{team.prefix}-{number}",
            created_by=by,
            evidence=fields.get("earlier_participants", 0),
            stage_position=fields["stage"].position if fields.get("stage") else UNPLACED,
            **fields,
        )
        opportunity.themes.set(themes)
        opportunity.services.set(services)
        opportunity.record("added it", by=by)
        return opportunity
