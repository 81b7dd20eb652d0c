"""What the database refuses of an opportunity whoever writes it, and how it finds one."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from backlog import scoring

from .states import RANKED, State

CONSTRAINTS = [
    models.UniqueConstraint(fields=["reference"], name="opportunity_reference_is_unique"),
    models.UniqueConstraint(fields=["team", "number"], name="opportunity_number_is_unique_in_team"),
    models.UniqueConstraint(
        fields=["team", "source_key"],
        condition=~Q(source_key=""),
        name="opportunity_source_key_is_unique_in_team",
    ),
    models.UniqueConstraint(
        fields=["programme", "rank"],
        name="rank_is_unique_in_programme",
        deferrable=models.Deferrable.DEFERRED,
    ),
    models.CheckConstraint(name="value_is_on_the_scale", condition=Q(value__in=[*scoring.VALUES])),
    models.CheckConstraint(name="size_is_on_the_scale", condition=Q(size__in=[*scoring.SIZES])),
    models.CheckConstraint(
        name="opportunity_score_says_who_and_when",
        condition=Q(scored_at=None, scored_by=None) | Q(scored_at__isnull=False, scored_by__isnull=False),
    ),
    models.CheckConstraint(
        name="only_the_backlog_is_ranked",
        condition=Q(state__in=RANKED, rank__isnull=False) | (~Q(state__in=RANKED) & Q(rank=None)),
    ),
    models.CheckConstraint(
        name="the_backlog_is_scored",
        condition=~Q(state__in=RANKED) | Q(value__isnull=False, size__isnull=False),
    ),
    models.CheckConstraint(
        name="parked_says_why_and_until_when",
        condition=~Q(state=State.PARKED) | (~Q(reason="") & Q(parked_until__isnull=False)),
    ),
    models.CheckConstraint(name="wont_do_says_why", condition=~Q(state=State.WONT_DO) | ~Q(reason="")),
    models.CheckConstraint(
        name="needs_evidence_asks_a_question",
        condition=~Q(state=State.NEEDS_EVIDENCE) | ~Q(open_question=""),
    ),
    models.CheckConstraint(
        name="merged_says_into_what",
        condition=Q(state=State.MERGED, merged_into__isnull=False) | (~Q(state=State.MERGED) & Q(merged_into=None)),
    ),
    models.CheckConstraint(name="must_do_says_why", condition=Q(must_do="") | ~Q(must_do_reason="")),
]
INDEXES = [
    models.Index(fields=["team", "rank"], name="team_backlog", condition=Q(rank__isnull=False)),
    models.Index(fields=["team", "stage_position", "number"], name="team_unranked", condition=Q(rank=None)),
    models.Index(
        "programme",
        F("merit").desc(),
        "created_at",
        "id",
        name="score_order",
        condition=Q(rank__isnull=False),
    ),
    models.Index(fields=["team", "state", "rank"], name="team_by_state"),
    # The other sorts of a list (backlog/listing.py): without these, each page sorts the whole team.
    models.Index(
        "team",
        F("merit").desc(),
        "created_at",
        "id",
        name="team_by_score",
        condition=Q(merit__isnull=False),
    ),
    models.Index("team", F("value").desc(), "number", name="team_by_value", condition=Q(value__isnull=False)),
    models.Index(
        "team",
        F("value").desc(),
        "number",
        name="team_valued_unscored",
        condition=Q(value__isnull=False, merit__isnull=True),
    ),
    models.Index(fields=["team", "stage_position", "number"], name="team_unvalued", condition=Q(value=None)),
    models.Index("team", F("evidence").desc(), "number", name="team_by_evidence"),
    models.Index(fields=["team", "stage_position", "number"], name="team_by_stage"),
    models.Index(fields=["team", "stage_position", "number"], name="team_unscored", condition=Q(merit=None)),
    # A map counts what stands at a stage, and shows the first of it, without reading a row.
    models.Index(fields=["stage", "-evidence", "number"], include=["state"], name="worst_at_a_stage"),
    models.Index(fields=["merged_into"], name="opportunities_merged", condition=Q(merged_into__isnull=False)),
    GinIndex(fields=["searched"], name="opportunity_search"),
]
