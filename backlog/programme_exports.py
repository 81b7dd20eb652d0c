"""The programme backlog as CSV and XLSX: what its page shows, for all who may read it, and nothing of a team's own."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from backlog import scoring
from backlog.exports import AT_ONCE
from backlog.imports.fields import BY_KEY
from backlog.models.states import MustDo, State
from teams.models import Service, Theme

COLUMNS = [
    (BY_KEY["reference"].label, lambda one: one.reference),
    (BY_KEY["title"].label, lambda one: one.title),
    ("Team", lambda one: one.team__name),
    (BY_KEY["themes"].label, lambda one: "; ".join(one.theme_names)),
    (BY_KEY["services"].label, lambda one: "; ".join(one.service_names)),
    (BY_KEY["value"].label, lambda one: one.value),
    (BY_KEY["size"].label, lambda one: scoring.SIZES[one.size]),
    ("Score", lambda one: scoring.score(one.value, one.size)),
    ("People in evidence", lambda one: one.evidence),
    (BY_KEY["must_do"].label, lambda one: MustDo(one.must_do).label if one.must_do else ""),
    ("Status", lambda one: State(one.state).label),
]
HEADINGS = ["Place in this list", *(heading for heading, _ in COLUMNS)]
READ = ["reference", "title", "team__name", "theme_names", "service_names", "value", "size", "evidence", "must_do"]
READ += ["state"]


def lines(rows):
    """One list of cells for each opportunity, in the order of `rows`, from one statement."""
    rows = rows.annotate(
        theme_names=ArraySubquery(Theme.objects.filter(opportunities=OuterRef("pk")).values("name")),
        service_names=ArraySubquery(Service.objects.filter(opportunities=OuterRef("pk")).values("name")),
    )
    for place, one in enumerate(rows.values_list(*READ, named=True).iterator(chunk_size=AT_ONCE), 1):
        yield [place, *(cell(one) for _, cell in COLUMNS)]
