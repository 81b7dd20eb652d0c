"""An import taken back: what it made goes, what it changed returns, and what people have touched since stays."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from backlog.models import ImportRow, ImportRun, Journey, Opportunity, Stage
from backlog.models.journey import UNPLACED
from teams.models import Change, Service, Theme

from .applying import through, write
from .fields import MANY
from .staging import batches

Action, Is = ImportRow.Action, ImportRun.State
TOUCHED = "Somebody has changed it since"
OWN = (ImportRow, Opportunity.themes.through, Opportunity.services.through)  # go with the opportunity
IN_USE = "Something else now belongs to it: {}"


def undo(job):
    """All or nothing, like applying."""
    run = ImportRun.objects.get(pk=job.work["run"])
    if run.state != Is.UNDOING or run.job_id != job.pk:
        return
    with transaction.atomic(), job.aloud() as say:
        run = ImportRun.objects.select_for_update(of=("self",)).select_related("team__programme").get(pk=run.pk)
        if run.state != Is.UNDOING:
            return
        undone = Undone(run, job.asked_by, say)
        undone.restore()
        undone.remove()
        undone.remove_names()
        counts = {**run.counts, "removed": undone.removed, "restored": undone.restored, "stayed": undone.stayed}
        run.becomes(Is.UNDONE, after=[Is.UNDOING], undone_at=timezone.now(), counts=counts)
        words = f"undid the import: removed {undone.removed}, put back {undone.restored}, left {undone.stayed}"
        Change.objects.record(run, words, by=undone.by, team=run.team, label=run.name, url=run.get_absolute_url())
        job.progress(undone.done, undone.total)


class Undone:
    """An import while it is undone."""

    def __init__(self, run, by, say):
        self.run, self.by, self.say = run, by, say
        self.removed = self.restored = self.stayed = self.done = 0
        self.rows = run.rows.filter(action__in=[Action.CREATE, Action.UPDATE], kept="")
        self.total = self.rows.count()

    def restore(self):
        for batch, found in self._batches(Action.UPDATE):
            back = [(found[row.opportunity_id], row) for row in batch if not self._kept(row, found)]
            for one, row in back:
                self._put_back(one, row)
            write(back)
            self._link_as_before(back)
            Change.objects.record_many(
                [(one, f"put back by undoing the import of {self.run}") for one, _ in back], by=self.by
            )
            self.restored += len(back)

    def remove(self):
        for batch, found in self._batches(Action.CREATE):
            in_use = what_points_at(found)
            gone = [found[row.opportunity_id] for row in batch if not self._kept(row, found, in_use)]
            Change.objects.record_many(
                [(one, f"removed by undoing the import of {self.run}") for one in gone], by=self.by
            )
            Opportunity.objects.filter(pk__in=[one.pk for one in gone]).delete()
            self.removed += len(gone)

    def remove_names(self):
        """Themes, services and stages that the import made and that nothing uses."""
        for kind, model in (("themes", Theme), ("services", Service), ("stage", Stage), ("journey", Journey)):
            made = {one.pk: one for one in model.objects.filter(pk__in=self.run.made.get(kind, ()))}
            model.objects.filter(pk__in=made.keys() - what_points_at(made).keys()).delete()

    def _batches(self, action):
        rows = self.rows.filter(action=action).order_by("opportunity_id", "number")
        for batch in batches(rows.iterator(chunk_size=500)):
            locked = Opportunity.objects.select_for_update(of=("self",)).select_related("team").order_by("pk")
            yield batch, {one.pk: one for one in locked.filter(pk__in=[row.opportunity_id for row in batch])}
            self.done += len(batch)
            self.say(self.done, self.total)

    def _kept(self, row, found, in_use=()):
        one = found.get(row.opportunity_id)
        if one is None:
            return True  # removed by hand: nothing is left to undo
        if one.version == row.version and one.pk not in in_use:
            return False
        row.kept = TOUCHED if one.version != row.version else IN_USE.format(in_use[one.pk])
        row.save(update_fields=["kept"])
        self.stayed += 1
        return True

    def _put_back(self, one, row):
        before = {key: old for key, old in row.before.items() if key not in MANY}
        if "stage" in before:
            stage = Stage.objects.filter(pk=before.pop("stage")).first()
            one.stage, one.stage_position = stage, stage.position if stage else UNPLACED
        if "earlier_participants" in before:
            one.evidence = one.evidence_with(before["earlier_participants"])
        before["scored_at"] = dt.datetime.fromisoformat(before["scored_at"]) if before["scored_at"] else None
        for key, old in before.items():
            setattr(one, key, old)
        one.version += 1

    def _link_as_before(self, back):
        for kind, model in (("themes", Theme), ("services", Service)):
            links = [(one.pk, row.before[kind]) for one, row in back if kind in row.before]
            through(kind).objects.filter(opportunity__in=[pk for pk, _ in links]).delete()
            there = set(
                model.objects.filter(pk__in={old for _, olds in links for old in olds}).values_list("pk", flat=True)
            )
            name = through(kind)._meta.get_field(kind[:-1]).attname
            through(kind).objects.bulk_create(
                through(kind)(opportunity_id=pk, **{name: old}) for pk, olds in links for old in olds if old in there
            )


def what_points_at(things) -> dict:
    """{id: what} for those of `things` that any row of any app refers to, its own staging apart."""
    if not things:
        return {}
    model = type(next(iter(things.values())))
    own = OWN if model is Opportunity else ()
    found = {}
    for relation in model._meta.get_fields(include_hidden=True):
        if relation.auto_created and relation.one_to_many and relation.related_model not in own:
            name = relation.field.attname
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": things.keys()})
            for pk in rows.values_list(name, flat=True).distinct():
                found[pk] = str(relation.related_model._meta.verbose_name)
    return found
