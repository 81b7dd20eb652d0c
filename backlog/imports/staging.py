"""The dry run: every row of the file against the team's backlog, written down as what it would do."""

from collections import Counter
from itertools import islice

from django.core.exceptions import ValidationError

from backlog.models import ImportRow, ImportRun, Opportunity, State

from . import table
from .cells import guarded, plain
from .check import check as check_row
from .fields import BY_KEY, MANY
from .mapping import columns_of, picked
from .names import names_of, stages_of

BATCH = 500
MOST_UNKNOWN = 100  # names of one kind to ask about; a column with more of them is not what it is said to be
TOTALS = {"total", "totals", "grand total", "subtotal", "sub total", "sum", "average", "mean", "count"}
MAY_BE_SCORED = (State.NEW, State.READY)  # others were decided on; an import does not decide again
Action, Is = ImportRow.Action, ImportRun.State


def check(job):
    """May run again from the beginning: it stages afresh."""
    run = ImportRun.objects.select_related("team__programme", "file").get(pk=job.work["run"])
    if run.state != Is.MAPPED or run.job_id != job.pk:
        return
    try:
        staged = _stage(run, job)
    except ValidationError as problem:
        run.rows.all().delete()
        run.becomes(Is.FAILED, after=[Is.MAPPED], problem=problem.message)
        raise
    run.becomes(Is.CHECKED, after=[Is.MAPPED], counts=staged.counts(), unknown=staged.unknown())


def _stage(run, job):
    run.rows.all().delete()
    content = bytes(run.file.content)
    total = sum(1 for _ in table.read(content).rows)  # also finds what is wrong with the file before a row is written
    staged, rows, done = Staged(run), table.read(content).rows, 0
    while batch := list(islice(rows, BATCH)):
        ImportRow.objects.bulk_create(staged.rows(batch))
        done += len(batch)
        job.progress(done, total)
    return staged


def batches(rows):
    """Lists of rows, one batch after the other."""
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


class Staged:
    """What is known of the file so far: who has been named already, in which row."""

    def __init__(self, run):
        self.run = run
        self.wanted = columns_of(run.mapping, run.columns)
        self.names = names_of(run)
        self.stage_names = {pk: plain(name) for pk, name in stages_of(run.team).values_list("pk", "name")}
        self.counted = Counter()
        self.seen = {}  # opportunity or new reference → the row that has it
        self.titles = {}  # plain title → the row that has it
        self.existing = {
            plain(title): reference
            for title, reference in run.team.opportunities.open().values_list("title", "reference").iterator()
        }

    def counts(self):
        return {**{action: 0 for action in Action}, "warnings": 0, **self.counted, "rows": sum(self._actions())}

    def unknown(self):
        """The names to ask about, those in most rows first."""
        return {
            kind: dict(sorted(names.items(), key=lambda one: -one[1][1])[:MOST_UNKNOWN])
            for kind, names in self.names.unknown.items()
        }

    def rows(self, batch):
        read = [(number, cells, check_row(picked(cells, self.wanted), self.names)) for number, cells in batch]
        targets = Targets(self.run.team, [row.values for _, _, row in read])
        return [self._row(number, cells, row, targets) for number, cells, row in read]

    def _actions(self):
        return [self.counted[action] for action in Action]

    def _row(self, number, cells, row, targets):
        target = self._target(row, targets)
        if len(cells) > len(self.run.columns) and any(cells[len(self.run.columns) :]):
            row.problems.append("It has more cells than there are headings; look for a stray comma")
        self._judge(number, row, target)
        staged = ImportRow(run=self.run, number=number, title=row.values.get("title") or getattr(target, "title", ""))
        if row.problems:
            staged.action, staged.cells = Action.BAD, cells
        elif target is None:
            staged.action, staged.values, staged.place = Action.CREATE, row.values, self.counted[Action.CREATE]
        else:
            self._compare(staged, row, target)
        staged.problem, staged.warning = ". ".join(row.problems), ". ".join(row.warnings)
        self.counted[staged.action] += 1
        self.counted["warnings"] += bool(staged.warning)
        return staged

    def _target(self, row, targets):
        """The opportunity that a row speaks of, if there is one."""
        reference = row.values.pop("reference", "").upper()
        if not reference:
            return targets.by_key.get(row.values.get("source_key"))
        if reference not in targets.by_reference:
            row.problems.append(f"{reference} is not an opportunity of {self.run.team}")
        return targets.by_reference.get(reference)

    def _judge(self, number, row, target):
        """What a row can only be asked beside its target and the rest of the file."""
        if target is None and not row.values.get("title") and not row.problems:
            row.problems.append("Title is missing")
        if target is None and plain(row.values.get("title", "")) in TOTALS:
            row.problems.append("It sums up the others and is no opportunity")
        if target is not None and target.state == State.MERGED:
            row.problems.append(f"{target.reference} was merged into another one; change that one instead")
        if _wants_a_reason(row.values, target):
            row.problems.append("A must-do needs a reason")
        if identity := (target.pk if target else row.values.get("source_key")):
            first = self.seen.setdefault(identity, number)
            if first != number:
                row.problems.append(f"Row {first} has the same reference")
        self._warn(number, row, target)

    def _warn(self, number, row, target):
        if title := plain(row.values.get("title", "")):
            first = self.titles.setdefault(title, number)
            if first != number:
                row.warnings.append(f"Row {first} has the same title")
            elif target is None and title in self.existing:
                row.warnings.append(f"{self.existing[title]} has the same title")
        if target is None and row.values.get("earlier_reference") and not row.values.get("earlier_participants"):
            row.warnings.append("It names earlier research but no number of participants")

    def _compare(self, staged, row, target):
        """Only what differs is written, so that an import of our own export changes nothing."""
        self._leave_the_score_of_decided(row, target)
        for key, new in row.values.items():
            old = _old(target, key)
            if not (new == old or self._as_read(key, old) == self._as_read(key, new) or (key in MANY and not new)):
                staged.values[key], staged.before[key] = new, old
        staged.before |= _what_may_follow(target)
        staged.opportunity, staged.version = target, target.version
        staged.action = Action.UPDATE if staged.values else Action.UNCHANGED

    def _as_read(self, key, known):
        """What an import makes of it: people type double spaces and Windows line ends, and two journeys may have a
        stage of the same name."""
        if key == "stage":
            return self.stage_names.get(known, known)
        return BY_KEY[key].clean(guarded(known)) if isinstance(known, str) else known

    def _leave_the_score_of_decided(self, row, target):
        if target.state in MAY_BE_SCORED:
            return
        differs = [key for key in ("value", "size") if row.values.get(key) != getattr(target, key)]
        left = [BY_KEY[key].label.lower() for key in differs if row.values.pop(key, None) is not None]
        for key in ("value", "size"):
            row.values.pop(key, None)
        if left:
            state = target.get_state_display()
            row.warnings.append(f"{target.reference} is “{state}”, so its {' and '.join(left)} stayed as it was")


class Targets:
    """The team's opportunities that a batch of rows names."""

    def __init__(self, team, values):
        rows = team.opportunities.prefetch_related("themes", "services")
        references = {row["reference"].upper() for row in values if row.get("reference")}
        keys = {row["source_key"] for row in values if row.get("source_key")}
        self.by_reference = {one.reference: one for one in rows.filter(reference__in=references)} if references else {}
        self.by_key = {one.source_key: one for one in rows.filter(source_key__in=keys)} if keys else {}


def _wants_a_reason(values, target):
    must = values.get("must_do", getattr(target, "must_do", ""))
    return must and not values.get("must_do_reason", getattr(target, "must_do_reason", ""))


def _what_may_follow(target):
    """What applying may change of its own accord, so that undoing can put it back."""
    return {
        "state": target.state,
        "must_do_reason": target.must_do_reason,
        "scored_by_id": target.scored_by_id,
        "scored_at": target.scored_at and target.scored_at.isoformat(),
    }


def _old(target: Opportunity, key):
    if key in MANY:
        return sorted((one.pk for one in getattr(target, key).all()), key=str)
    return target.stage_id if key == "stage" else getattr(target, key)
