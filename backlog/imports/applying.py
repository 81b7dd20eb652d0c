"""The dry run made true, in one transaction of few statements, from what was staged."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import CharField, F, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from backlog.models import ImportFile, ImportRow, ImportRun, Opportunity, Order, State, score_place
from backlog.models.journey import UNPLACED
from backlog.models.states import RANKED
from teams.models import Change, Team

from .fields import BY_KEY, MANY
from .names import make_new, stages_of
from .staging import batches

Action, Is = ImportRow.Action, ImportRun.State
CHANGED_SINCE = "Somebody changed it after the check, so it was left as it is"
GONE_SINCE = "It was removed after the check"


def apply(job):
    """All or nothing; run again after a crash, it finds either nothing or everything done."""
    run = ImportRun.objects.select_related("team__programme").get(pk=job.work["run"])
    if run.state != Is.APPLYING or run.job_id != job.pk:
        return
    if run.team.archived_at or run.team.programme.archived_at:
        raise ValidationError(f"{run.team} was archived before the import began, so nothing was imported")
    _take_numbers(run.pk)
    with transaction.atomic(), job.aloud() as say:
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("team__programme").get(pk=run.pk)
        if run.state != Is.APPLYING:
            return
        applied = Applied(run, job.asked_by, say)
        applied.create()
        applied.update()
        _finish(run, applied)
        job.progress(applied.done, applied.total)


@transaction.atomic
def _take_numbers(pk):
    """A block of reference numbers, in a transaction of its own: nobody waits for the import to add an opportunity."""
    run = ImportRun.objects.select_for_update(of=("self",)).select_related("team").get(pk=pk)
    if run.first_number is None:
        new = run.rows.filter(action=Action.CREATE).count()
        Team.objects.filter(pk=run.team_id).update(next_number=F("next_number") + new)
        run.team.refresh_from_db(fields=["next_number"])
        run.first_number = run.team.next_number - new
        run.save(update_fields=["first_number"])


def _finish(run, applied):
    counts = {**run.counts, "created": applied.created, "updated": applied.updated, "kept": applied.kept}
    run.becomes(
        Is.APPLIED, after=[Is.APPLYING], applied_by=applied.by, applied_at=applied.now, counts=counts, made=run.made
    )
    ImportFile.objects.filter(run=run).delete()
    words = f"imported {applied.created} new and {applied.updated} changed opportunities"
    Change.objects.record(run, words, by=applied.by, team=run.team, label=run.name, url=run.get_absolute_url())


class Applied:
    """An import while it is applied."""

    def __init__(self, run, by, say):
        self.run, self.by, self.say = run, by, say
        self.now = timezone.now()
        self.new_names = make_new(run)
        self.positions = dict(stages_of(run.team).values_list("pk", "position"))
        self.created = self.updated = self.kept = self.done = 0
        self.total = run.rows.filter(action__in=[Action.CREATE, Action.UPDATE]).count()

    def create(self):
        rows = self.run.rows.filter(action=Action.CREATE).order_by("place")
        for batch in batches(rows.iterator(chunk_size=500)):
            made = Opportunity.objects.bulk_create([self._new(row) for row in batch])
            for kind in MANY:
                self._link(kind, [(one.pk, row.values.get(kind, ())) for one, row in zip(made, batch, strict=True)])
            Change.objects.record_many([(one, f"added it by importing {self.run}") for one in made], by=self.by)
            self.created += len(batch)
            self._tell(len(batch))
        # By reference, which has one index: of the team's own, one is taken that reads all its rows for each.
        number = Cast(OuterRef("place") + self.run.first_number, CharField())
        same = Opportunity.objects.filter(reference=Concat(Value(f"{self.run.team.prefix}-"), number))
        self.run.rows.filter(action=Action.CREATE).update(opportunity=Subquery(same.values("pk")[:1]), version=1)

    def _new(self, row):
        number = self.run.first_number + row.place
        one = Opportunity(
            team=self.run.team,
            programme=self.run.team.programme,
            number=number,
            reference=f"{self.run.team.prefix}-{number}",
            created_by=self.by,
            created_at=self.now,
        )
        self._fill(one, row)
        return one

    def update(self):
        """In the order of their ids, as everybody locks them; what somebody changed since the check stays."""
        rows = self.run.rows.filter(action=Action.UPDATE).order_by("opportunity_id", "number")
        for batch in batches(rows.iterator(chunk_size=500)):
            locked = Opportunity.objects.select_for_update(no_key=True, of=("self",)).order_by("pk")
            found = {one.pk: one for one in locked.filter(pk__in=[row.opportunity_id for row in batch])}
            self._update(batch, found)
            self._tell(len(batch))
        self.run.rows.filter(action=Action.UPDATE, kept="").update(version=F("version") + 1)

    def _update(self, batch, found):
        changed = []
        for row in batch:
            one = found.get(row.opportunity_id)
            if one is None or one.version != row.version:
                row.kept = GONE_SINCE if one is None else CHANGED_SINCE
                row.save(update_fields=["kept"])
                self.kept += 1
            else:
                self._fill(one, row)
                one.version += 1
                changed.append((one, row))
        write(changed)
        for kind in MANY:
            links = [(one.pk, row.values[kind]) for one, row in changed if kind in row.values]
            through(kind).objects.filter(opportunity__in=[pk for pk, _ in links]).delete()
            self._link(kind, links)
        Change.objects.record_many([(one, self._words(row)) for one, row in changed], by=self.by)
        self.updated += len(changed)

    def _fill(self, one, row):
        values = {key: new for key, new in row.values.items() if key not in MANY}
        was_ready = one.is_ready_for_review
        if "stage" in values:
            one.stage_id = self._id("stage", values.pop("stage"))
            one.stage_position = self.positions.get(one.stage_id, UNPLACED)
        if "earlier_participants" in values:
            one.evidence = one.evidence_with(values["earlier_participants"])
        if values.get("must_do") == "":
            one.must_do_reason = ""
        for key, new in values.items():
            setattr(one, key, new)
        if "value" in values or "size" in values:
            known = one.value is not None or one.size is not None
            one.scored_by, one.scored_at = (self.by, self.now) if known else (None, None)
        if one.state == State.NEW and one.is_ready_for_review and not was_ready:
            one.state = State.READY

    def _id(self, kind, known):
        return self.new_names[kind][known] if isinstance(known, str) else known

    def _link(self, kind, links):
        name = through(kind)._meta.get_field(kind[:-1]).attname
        rows = [
            through(kind)(opportunity_id=pk, **{name: one})
            for pk, known in links
            for one in {self._id(kind, one) for one in known}
        ]
        through(kind).objects.bulk_create(rows)

    def _words(self, row):
        labels = ", ".join(BY_KEY[key].label.lower() for key in row.values)
        return f"changed by importing {self.run}: {labels}"

    def _tell(self, done):
        self.done += done
        self.say(self.done, self.total)


def through(kind):
    return getattr(Opportunity, kind).through


WRITTEN = [key for key in BY_KEY if key not in (*MANY, "reference")]
WRITTEN += ["stage_position", "evidence", "scored_by", "scored_at", "state", "version"]


def write(changed):
    """Save opportunities whose version was checked under lock, and give ranked ones the place they now score.

    One INSERT … ON CONFLICT for them all: an UPDATE with a CASE for each row grows with their square.
    """
    if not changed:
        return
    written = [one for one, _ in changed]
    Opportunity.objects.bulk_create(written, update_conflicts=True, update_fields=WRITTEN, unique_fields=["pk"])
    moves = {"must_do", "earlier_participants"}
    ranked = [one for one, row in changed if one.state in RANKED and not one.moved and moves & row.values.keys()]
    if ranked:
        Order.locked(ranked[0].programme_id)
        for one in ranked:
            one.merit = one.reckoned_merit
            Opportunity.objects.filter(pk=one.pk).update(rank=score_place.key_for(one))
