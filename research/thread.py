"""The golden thread, both ways: what people said and did → what was learned → opportunities → stories → sprints →
playbacks and what was said of them.

Every question here takes lists and is asked once for all of them.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from django.db.models import BigIntegerField, Q, TextField, Value

from backlog.models import Kind, Opportunity, Story
from research.models import Finding, FindingKind, Observation, Session
from research.played_back import played_back
from sprints.models import Commitment
from teams.prepared import prepared

QUOTES = 5  # of one finding
MOST_PAINS = 50  # at one stage


class Source(NamedTuple):
    """Where something came from: a finding, or a session whose observations led to it straight away."""

    team_id: int
    team: str
    round_id: int
    round: str
    finding_id: int | None
    statement: str
    people: int
    code: str  # of a session


@dataclass
class Strand:
    """One finding with its people, their words where the reader may see them, and the work that answers it."""

    finding: Finding
    sessions: list
    observations: list
    is_open: bool  # the reader may read the round's notes, so may know whose words these are
    stories: list


@dataclass
class Thread:
    opportunity: Opportunity | None
    merged: list  # opportunities that are part of it now
    strands: list  # of findings
    sessions: list  # that led here without a finding
    stories: list
    sprints: dict  # of each story by its id, the latest first
    playbacks: list  # where any of it was played back


def evidence_for(thing) -> list:
    """Where an opportunity or a story came from: one statement, and no object of the database is made."""
    many = "opportunities" if isinstance(thing, Opportunity) else "stories"
    return [Source(*row) for row in _evidence_for[many](thing.pk)]


def _came_to(many, thing):
    place = ["round__team", "round__team__name", "round", "round__name"]
    learned = Finding.objects.standing().filter(**{many: thing}).annotate(code=Value("", TextField()))
    none, nothing = Value(None, BigIntegerField()), Value("", TextField())
    told = Session.objects.filter(**{many: thing}).values_list(*place, none, nothing, Value(0), "code")
    both = learned.values_list(*place, "pk", "statement", "people", "code").union(told, all=True)
    return both.order_by("pk", "code")  # findings first: a session has none


_evidence_for = {many: prepared(partial(_came_to, many)) for many in ("opportunities", "stories")}


def of_opportunity(opportunity, *, reads) -> Thread:
    """All that stands behind it and all that follows. `reads(round)` says whose raw notes the reader may see."""
    merged = opportunity.taken_in()
    family = [opportunity.pk, *(one.pk for one in merged)]
    stories = Story.objects.filter(Q(opportunity=opportunity) | Q(findings__opportunities__in=family))
    stories = list(stories.select_related("team").distinct().order_by("number"))
    answered = Q(opportunities__in=family) | Q(stories__in=stories)
    sessions = Session.objects.filter(Q(opportunities__in=family) | Q(stories__in=stories))
    strands = _strands(Finding.objects.filter(answered), reads)
    learned = [strand.finding for strand in strands]
    told = played_back(opportunity.team, opportunities=family, stories=stories, findings=learned)
    return Thread(opportunity, merged, strands, _told(sessions), stories, _sprints_of(stories), told)


def of_story(story, *, reads) -> Thread:
    """The same thread, pulled from its other end."""
    behind = Q(stories=story)
    if story.opportunity_id:
        behind |= Q(opportunities=story.opportunity_id)
    strands = _strands(Finding.objects.filter(behind), reads)
    told = _told(Session.objects.filter(stories=story))
    family = [story.opportunity_id] if story.opportunity_id else []
    learned = [strand.finding for strand in strands]
    shown = played_back(story.team, opportunities=family, stories=[story], findings=learned)
    return Thread(story.opportunity, [], strands, told, [story], _sprints_of([story]), shown)


def _strands(findings, reads) -> list:
    findings = findings.standing().select_related("round", "team", "stage").distinct()
    findings = list(findings.most_people_first().prefetch_related("sessions", "stories"))
    open_ = [one.pk for one in findings if reads(one.round)]
    words = defaultdict(list)
    may_be_read = Q(finding__in=open_) | Q(observation__in=Observation.objects.shareable())
    through = Finding.observations.through.objects.filter(may_be_read, finding__in=findings)
    through = through.select_related("observation__session")
    for row in through.order_by("observation"):
        words[row.finding_id].append(row.observation)
    return [
        Strand(one, list(one.sessions.all()), words[one.pk][:QUOTES], one.pk in open_, list(one.stories.all()))
        for one in findings
    ]


def _told(sessions) -> list:
    return list(sessions.select_related("round__team").distinct().order_by("pk"))


def _sprints_of(stories) -> dict:
    at = defaultdict(list)
    for one in Commitment.objects.filter(story__in=stories).select_related("sprint__team").order_by("-sprint__number"):
        at[one.story_id].append(one.sprint)
    return at


def came_of(sessions) -> dict:
    """How many opportunities and stories came of each of these sessions, by its id."""
    found = defaultdict(set)
    for name in ("story", "opportunity"):
        many = "stories" if name == "story" else "opportunities"
        for session, thing in (
            getattr(Session, many).through.objects.filter(session__in=sessions).values_list("session", name)
        ):
            found[session].add((name, thing))
        rows = Finding.sessions.through.objects.filter(session__in=sessions, finding__superseded_by=None)
        for session, thing in rows.exclude(**{f"finding__{many}": None}).values_list("session", f"finding__{many}"):
            found[session].add((name, thing))
    return found


def pain_points_at(stages) -> dict:
    """The first pain points at each of these stages, by its id, most people first."""
    at = {stage.pk: [] for stage in stages}
    found = Finding.objects.standing().filter(kind=FindingKind.PAIN_POINT).select_related("touchpoint")
    for finding in found.first_of_each_stage(at, MOST_PAINS):
        at[finding.stage_id].append(finding)
    return at


def work_without_evidence(team) -> list:
    """Stories in a sprint, behind which stands neither a finding nor a session."""
    told = Q(findings__isnull=False) | Q(sessions__isnull=False)
    told |= Q(opportunity__findings__isnull=False) | Q(opportunity__sessions__isnull=False)
    told |= Q(opportunity__earlier_participants__gt=0)
    with_source = Story.objects.filter(told, team=team)
    in_sprint = Commitment.objects.held().filter(team=team, sprint__state__in=["planned", "active"])
    found = Story.objects.filter(pk__in=in_sprint.values("story")).exclude(kind=Kind.TASK)
    return list(found.exclude(pk__in=with_source.values("pk")).in_order()[:100])
