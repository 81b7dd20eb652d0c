from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from backlog import scoring
from teams.models import Change, Programme, Service, Team, Theme, User, Versioned

from . import edits, merging, outcomes, score_place, undoing
from .journey import UNPLACED
from .merit import MERIT
from .opportunity_rows import SEARCHED, OpportunityQuerySet
from .opportunity_table import CONSTRAINTS, INDEXES
from .stage import Stage
from .states import COMES_FROM, OUTCOMES, RANKED, SCORABLE, MustDo, State

SEVERAL = 3  # people


class Opportunity(Versioned):
    """A need, pain point or desire that, if met, moves an outcome. The scored item of the backlog."""

    # Every index is written with each score and move, so no key has one that others begin with, or that nobody asks.
    team = models.ForeignKey(Team, models.PROTECT, related_name="opportunities", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="opportunities", db_index=False)
    number = models.PositiveIntegerField(editable=False)
    reference = models.CharField(max_length=20, editable=False)
    source_key = models.CharField(max_length=100, blank=True)  # what the imported file calls it
    title = models.CharField(max_length=150)
    description = models.TextField(blank=True, max_length=5000)
    recommendation = models.CharField(max_length=300, blank=True)
    themes = models.ManyToManyField(Theme, blank=True, related_name="opportunities")
    services = models.ManyToManyField(Service, blank=True, related_name="opportunities")
    # Its own index is "worst_at_a_stage".
    stage = models.ForeignKey(
        Stage, models.SET_NULL, null=True, blank=True, related_name="opportunities", db_index=False
    )
    stage_position = models.PositiveSmallIntegerField(default=UNPLACED, editable=False)
    evidence_note = models.TextField(blank=True, max_length=2000)
    earlier_participants = models.PositiveIntegerField("participants in earlier research", default=0)
    earlier_reference = models.CharField("where that research is kept", max_length=200, blank=True)
    evidence = models.PositiveIntegerField(default=0, editable=False)  # earlier participants + our own sessions'
    must_do = models.CharField(max_length=10, choices=MustDo, blank=True, default=MustDo.NO)
    must_do_reason = models.CharField(max_length=300, blank=True)

    state = models.CharField(max_length=20, choices=State, default=State.NEW, editable=False)
    reason = models.CharField(max_length=300, blank=True, editable=False)
    open_question = models.CharField(max_length=300, blank=True, editable=False)
    parked_until = models.DateField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="merged_here", db_index=False
    )
    reviewed_at = models.DateTimeField(null=True, editable=False)

    value = models.PositiveSmallIntegerField(null=True, blank=True, choices=scoring.VALUES)
    size = models.PositiveSmallIntegerField(null=True, blank=True, choices=scoring.SIZES)
    scored_by = models.ForeignKey(User, models.PROTECT, null=True, editable=False, related_name="+", db_index=False)
    scored_at = models.DateTimeField(null=True, editable=False)
    merit = models.GeneratedField(expression=MERIT, output_field=models.BigIntegerField(), db_persist=True)
    rank = models.TextField(null=True, editable=False, db_collation="C")  # noqa: DJ001 - null: not in the backlog
    moved = models.BooleanField(default=False, editable=False)  # the product owner put it where it is

    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    searched = models.GeneratedField(expression=SEARCHED, output_field=SearchVectorField(), db_persist=True)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        constraints, indexes = CONSTRAINTS, INDEXES

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("backlog:opportunity", args=[self.reference])

    together = None  # a mark on changes that are undone as one

    # --- What it is

    def get_state_display(self):
        return State(self.state).label  # Django would put together a dictionary of all labels for each row

    def get_must_do_display(self):
        return MustDo(self.must_do).label

    @property
    def score(self):
        """VALUE ÷ SIZE, or None."""
        return scoring.score(self.value, self.size)

    @property
    def quadrant(self):
        return scoring.quadrant(self.value, self.size)

    def taken_in(self) -> list:
        """What was merged into this, and into that: what it is called, and who had told of it earlier."""
        known = Opportunity.objects.only("reference", "title", "team", "earlier_participants", "earlier_reference")
        known = known.order_by("pk")
        found = merged = list(known.filter(merged_into=self))
        while merged:
            merged = list(known.filter(merged_into__in=merged))
            found += merged
        return found

    @property
    def people_taken_in(self) -> int:
        """Participants of earlier research that came with what was merged into it."""
        return sum(one.earlier_participants for one in self.taken_in())

    def sources(self) -> tuple[int, int, int]:
        """People of our own sessions, of earlier research, and of what was merged into it: together its evidence."""
        taken_in = self.people_taken_in if getattr(self, "took_any_in", True) else 0
        return max(self.evidence - self.earlier_participants - taken_in, 0), self.earlier_participants, taken_in

    def evidence_with(self, earlier) -> int:
        """Its evidence once `earlier` is the figure of earlier research."""
        return 0 if self.state == State.MERGED else self.evidence + earlier - self.earlier_participants

    @property
    def strength(self):
        """How strong the evidence is, in words (domain.md §3)."""
        return "Several people" if self.evidence >= SEVERAL else "Seen once" if self.evidence == 1 else "Two people"

    @property
    def is_ready_for_review(self):
        return bool(self.title and self.stage_id and (self.evidence or self.evidence_note))

    def may_move_to(self, state):
        return self.state in COMES_FROM[state]

    @property
    def reckoned_merit(self):
        """Its merit as the database will reckon it from value, size, must-do and evidence as they are set now."""
        return scoring.merit(self.value, self.size, must_do=bool(self.must_do), evidence=self.evidence)

    # --- What people do with it

    @transaction.atomic
    def edit(self, *, by, themes=None, services=None, **fields):
        """Change its words and facts, those that differ. Raises Conflict when somebody saved since it was read."""
        if "stage" in fields:
            fields["stage_position"] = fields["stage"].position if fields["stage"] else UNPLACED
        if "earlier_participants" in fields:
            fields["evidence"] = self.evidence_with(fields["earlier_participants"])
        names = {name: new for name, new in {"themes": themes, "services": services}.items() if new is not None}
        before = {name: list(getattr(self, name).values_list("pk", flat=True)) for name in names}
        differ = edits.differing(self, fields) + [name for name in names if {*before[name]} != _keys(names[name])]
        if not differ:
            return
        self.change(edits.in_words(differ), by=by, undo_also={"names": before}, **fields)
        for name, new in names.items():
            getattr(self, name).set(new)

    @transaction.atomic
    def set_score(self, value, size, *, by):
        """Record VALUE and SIZE (domain.md §3); returns the line of history.

        Raises ValidationError when the state does not allow it.
        """
        if self.state not in SCORABLE:
            raise ValidationError("Only opportunities that are ready to review or taken forward can be scored")
        if self.state in RANKED and None in (value, size):
            raise ValidationError("An opportunity in the backlog needs both a value and a size")
        known = value is not None or size is not None
        return self.change(
            _score_in_words(value, size),
            by=by,
            value=value,
            size=size,
            scored_by=by if known else None,
            scored_at=timezone.now() if known else None,
        )

    def mark_ready(self, *, by):
        """New, Needs evidence or Parked to Ready to review."""
        outcomes.mark_ready(self, by=by)

    @transaction.atomic
    def take_forward(self, *, by):
        """Into the programme backlog, at its score position. Needs a theme, a value and a size."""
        outcomes.take_forward(self, by=by)

    def park(self, reason, until, *, by):
        """Set aside until a date, for a reason."""
        outcomes.park(self, reason, until, by=by)

    def refuse(self, reason, *, by):
        """Won't do, for a reason."""
        outcomes.refuse(self, reason, by=by)

    def ask_for_evidence(self, question, *, by):
        outcomes.ask_for_evidence(self, question, by=by)

    @transaction.atomic
    def merge_into(self, target, *, by):
        """Evidence moves to `target`; this one stays as history and counts nobody."""
        merging.merge(self, target, by=by)

    def start_delivery(self, *, by):
        """Its first story is in an active sprint."""
        self.become(State.IN_DELIVERY, "put it in delivery", by=by)

    def deliver(self, *, by):
        """Delivered: once none of its stories is open any more."""
        if open_ := self.stories.open().count():
            stories = "1 story is" if open_ == 1 else f"{open_} stories are"
            raise ValidationError(f"{stories} still open under {self.reference}. Finish or close them first")
        self.become(State.DELIVERED, "delivered", by=by, rank=None, moved=False)

    @transaction.atomic
    def set_evidence(self, people, *, by=None) -> bool:
        """What research counted: distinct participants of our own sessions (called from above). False if it knew."""
        evidence = self.earlier_participants + self.people_taken_in + people
        if evidence == self.evidence:
            return False
        words = f"counted its evidence again: {evidence} {'person' if evidence == 1 else 'people'}"
        self.change(words, by=by, remember=False, evidence=evidence)
        return True

    @transaction.atomic
    def add_theme(self, theme, *, by):
        """One more theme, for a bulk change; adding it twice changes nothing."""
        if self.themes.filter(pk=theme.pk).exists():
            return
        self.change(f"added the theme {theme}", by=by, undo_also={"theme": theme.pk})
        self.themes.add(theme)

    def record(self, words, *, by, undo=None):
        return Change.objects.record(
            self, words, by=by, team=self.team, label=str(self)[:200], url=self.get_absolute_url(), undo=undo
        )

    # --- Undo

    def may_be_undone_by(self, user, standing, change):
        return undoing.may_be_undone(self, change, user, standing)

    @transaction.atomic
    def undo(self, change, *, by):
        """Put back what `change` replaced. Raises Conflict when the thing has changed since, and ValidationError when
        its evidence has gone on from where it was merged to."""
        lines = undoing.lines(self, change)
        self.order()
        kept = undoing.replaced(lines)
        before = {name: undoing.value_of(self, name, old) for name, old in kept["fields"].items()}
        if "merged_into" in before:
            merging.give_back(self, kept, by=by)
        self.change(undoing.in_words(lines), by=by, remember=False, **before)
        if "theme" in kept:
            self.themes.remove(kept["theme"])
        for name, old in kept.get("names", {}).items():
            links = getattr(self, name)
            links.set(links.model.objects.filter(pk__in=old))  # one that is gone since stays away
        undoing.close(lines)

    # --- How it is written

    def become(self, state, words, *, by, undo_also=None, **fields):
        if not self.may_move_to(state):
            raise ValidationError(f"{self.reference} is “{self.get_state_display()}”, so this cannot be done")
        if state in OUTCOMES:
            fields["reviewed_at"] = timezone.now()
        self.change(words, by=by, undo_also=undo_also, state=state, **fields)

    def change(self, words, *, by, remember=True, undo_also=None, **fields):
        """One write and one line of history, which it returns; raises Conflict when the row has moved on."""
        before = undoing.as_they_are(self, fields)
        for name, new in fields.items():
            setattr(self, name, new)
        self.save_changes(*fields, *self._find_place(fields))
        return self.record(words, by=by, undo=undoing.note(self, before, undo_also) if remember else None)

    def _find_place(self, changed) -> list:
        """Where it now belongs, when its merit has changed and the product owner has not placed it.

        Moves lock the order before they write items, so this does the same.
        """
        merit, self.merit = self.merit, self.reckoned_merit
        if self.merit == merit or self.moved or self.state not in RANKED or "rank" in changed:
            return []
        self.order()
        self.rank = score_place.key_for(self)
        return ["rank"]

    def order(self):
        """The programme's order, held until the transaction ends."""
        from .order import Order  # the order is made of opportunities

        return Order.locked(self.programme_id)


def _score_in_words(value, size):
    score = scoring.score(value, size)
    if score is None:
        return f"set value {value or '?'} and size {scoring.SIZES.get(size, '?')}"
    return f"scored {value} ÷ {size} = {score}"


def _keys(rows) -> set:
    """Of rows, or of what names them by their keys already."""
    return {getattr(row, "pk", row) for row in rows}
