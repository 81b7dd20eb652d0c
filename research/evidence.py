"""How many different people stand behind a finding and an opportunity. Counted here, kept on the rows they belong to.

Somebody met twice in a round is one. Tombstones of sessions whose time was over still count, for what was learned
from them stays true; those of withdrawn sessions do not.
"""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from backlog.models import Opportunity, Order, State
from research.models import Finding, Session, SessionState

CHAIN = 10  # opportunities merged into merged ones; nobody has gone as far


@transaction.atomic
def group(finding, observations, *, by):
    """Let the finding rest on these observations too."""
    finding.observations.add(*observations)
    finding.record(f"put {_counted(observations)} into it", by=by)
    recount([finding])


@transaction.atomic
def ungroup(finding, observation, *, by):
    """It did not belong there. Taken out twice, it is out."""
    taken, _ = finding.observations.through.objects.filter(finding=finding, observation=observation).delete()
    if not taken:
        return
    finding.record("took 1 observation out of it", by=by)
    recount([finding])


@transaction.atomic
def split(finding, observations, statement, *, by):
    """Take some of its observations into a new draft of the same kind and place."""
    new = Finding.objects.add(
        finding.round, by=by, kind=finding.kind, statement=statement, severity=finding.severity,
        stage=finding.stage, touchpoint=finding.touchpoint,
    )  # fmt: skip
    finding.observations.remove(*observations)
    new.observations.add(*observations)
    finding.record(f"split off “{new}”", by=by)
    new.record(f"split it off from “{finding}”", by=by)
    recount([finding, new])
    return new


@transaction.atomic
def link(finding, opportunity, *, by):
    """The opportunity answers the finding, and rests on its people."""
    if opportunity.programme_id != finding.team.programme_id:
        raise ValidationError("Choose an opportunity of this programme")
    finding.opportunities.add(opportunity)
    finding.record(f"linked it to {opportunity.reference}", by=by)
    push([opportunity.pk])


@transaction.atomic
def unlink(finding, opportunity, *, by):
    finding.opportunities.remove(opportunity)
    finding.record(f"removed its link to {opportunity.reference}", by=by)
    push([opportunity.pk])


@transaction.atomic
def link_story(finding, story, *, by):
    """The story answers the finding."""
    if story.programme_id != finding.team.programme_id:
        raise ValidationError("Choose a story of this programme")
    finding.stories.add(story)
    finding.record(f"linked it to {story.reference}", by=by)


@transaction.atomic
def unlink_story(finding, story, *, by):
    finding.stories.remove(story)
    finding.record(f"removed its link to {story.reference}", by=by)


@transaction.atomic
def edit_session(session, *, by, **fields):
    """When more people came than were planned, everything that rests on them is counted again."""
    session.edit(by=by, **fields)
    recount(session.findings.all())
    push(session.opportunities.values_list("pk", flat=True))


# --- Counting


def recount(findings):
    """The people behind each, then behind the opportunities they lead to. In as many statements for all as for one."""
    findings = _held(findings)
    _rest_on_what_is_left(findings)
    people = _people_behind_each(findings)
    wrong = [one for one in findings if one.people != people[one.pk]]
    for finding in wrong:
        finding.people = people[finding.pk]
    Finding.objects.bulk_update(wrong, ["people"])
    push(Opportunity.objects.filter(findings__in=findings).values_list("pk", flat=True))


def _held(findings) -> list:
    """Until the transaction ends nobody else counts them: two who count at once would each miss the other's session."""
    findings = list(findings)
    rows = Finding.objects.filter(pk__in=[one.pk for one in findings]).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))
    return findings


def _rest_on_what_is_left(findings):
    """The sessions of their observations, and tombstones of those whose time was over."""
    sessions, notes = Finding.sessions.through.objects, Finding.observations.through.objects
    rests = notes.filter(finding=OuterRef("finding"), observation__session=OuterRef("session"))
    may_go = Q(session__erased_at=None) | Q(session__state=SessionState.WITHDRAWN)
    sessions.filter(may_go, ~Exists(rests), finding__in=findings).delete()
    known = sessions.filter(finding=OuterRef("finding"), session=OuterRef("observation__session"))
    missing = notes.filter(~Exists(known), finding__in=findings).values_list("finding", "observation__session")
    rows = (sessions.model(finding_id=one, session_id=other) for one, other in missing.distinct())
    sessions.bulk_create(rows, ignore_conflicts=True)


def _people_behind_each(findings) -> Counter:
    """By finding, as `SessionQuerySet.people` counts them."""
    rows = Finding.sessions.through.objects.filter(finding__in=findings).order_by()
    each = rows.values("finding", "session__round", "session__code").annotate(came=Max("session__people"))
    people = Counter()
    for finding, came in each.values_list("finding", "came"):
        people[finding] += came
    return people


@transaction.atomic
def push(opportunities) -> int:
    """Tell these opportunities, and those they were merged into, how many people they rest on. Returns how many knew
    another number."""
    roots = {_root(pk) for pk in set(opportunities)}
    programmes = Opportunity.objects.filter(pk__in=roots).values_list("programme_id", flat=True).distinct()
    for programme in sorted(programmes):
        Order.locked(programme)  # before the rows, as every move does
    changed = 0
    rows = Opportunity.objects.select_for_update(no_key=True, of=("self",)).select_related("team").order_by("pk")
    for opportunity in rows.filter(pk__in=roots):
        changed += opportunity.set_evidence(people_behind(opportunity))
    return changed


def recount_all() -> int:
    """Every opportunity that research has ever touched: what has drifted is mended. Returns how many."""
    touched = Q(findings__isnull=False) | Q(sessions__isnull=False)
    return push(Opportunity.objects.filter(touched).values_list("pk", flat=True).distinct())


def people_behind(opportunity) -> int:
    """Of our own sessions, through findings that stand."""
    family = _with_merged(opportunity.pk)
    findings = Finding.objects.standing().filter(opportunities__in=family)
    behind = Q(findings__in=findings) | Q(opportunities__in=family)
    return Session.objects.exclude(state=SessionState.WITHDRAWN).filter(behind).people()


def _counted(observations) -> str:
    return "1 observation" if len(observations) == 1 else f"{len(observations)} observations"


def _with_merged(pk) -> set:
    """It and all that was merged into it, and into that."""
    found, newest = {pk}, {pk}
    while newest:
        newest = set(Opportunity.objects.filter(merged_into__in=newest).values_list("pk", flat=True)) - found
        found |= newest
    return found


def _root(pk) -> int:
    """Where its evidence counts: itself, or what it was merged into in the end."""
    for _ in range(CHAIN):
        into = Opportunity.objects.filter(pk=pk, state=State.MERGED).values_list("merged_into", flat=True).first()
        if into is None:
            return pk
        pk = into
    return pk
