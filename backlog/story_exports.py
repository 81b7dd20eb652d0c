"""The columns of a list of stories as CSV and XLSX (backlog/exports.py writes them)."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from backlog.exports import AT_ONCE
from backlog.models import AccessNeed, Criterion, Kind, StoryChannel, StoryState

COLUMNS = [
    ("Reference", lambda one: one.reference),
    ("Type", lambda one: Kind(one.kind).label),
    ("Title", lambda one: one.title),
    ("As", lambda one: one.actor),
    ("I need to", lambda one: one.need),
    ("So that", lambda one: one.so_that),
    ("It’s done when", lambda one: "\n".join(one.lines)),
    ("Size", lambda one: one.points),
    ("Status", lambda one: StoryState(one.state).label),
    ("Assigned to", lambda one: one.assignee__name or ""),
    ("Parent opportunity", lambda one: one.opportunity__reference or ""),
    ("Channel", lambda one: StoryChannel(one.channel).label if one.channel else ""),
    ("User group", lambda one: one.user_group__name or ""),
    ("Access needs", lambda one: "; ".join(AccessNeed(need).label for need in one.access_needs)),
    ("Assisted digital", lambda one: "Yes" if one.assisted_digital else ""),
    ("Where it came from", lambda one: one.source),
    ("Notes", lambda one: one.description),
]
HEADINGS = [heading for heading, _ in COLUMNS]
READ = [
    *("reference", "kind", "title", "actor", "need", "so_that", "lines", "points", "state", "assignee__name"),
    *("opportunity__reference", "channel", "user_group__name", "access_needs", "assisted_digital", "source"),
    "description",
]


def lines(rows):
    """One list of cells for each story, from one statement whose rows come as they are wanted."""
    criteria = Criterion.objects.filter(story=OuterRef("pk")).order_by("position").values("text")
    for one in rows.annotate(lines=ArraySubquery(criteria)).values_list(*READ, named=True).iterator(AT_ONCE):
        yield [cell(one) for _, cell in COLUMNS]
