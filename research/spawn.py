"""What becomes of what was learned: an opportunity, a story or a bug that keeps its source for ever."""

from django.db import transaction

from backlog.models import Kind, Opportunity, Story
from research import evidence

KINDS = {"opportunity": "opportunity", "story": "story", "bug": "bug"}
STORIES = {"story": Kind.USER_STORY, "bug": Kind.BUG}


@transaction.atomic
def from_finding(finding, what, title, *, by):
    """It answers the finding; of an opportunity that the finding leads to already, a story is a child."""
    if what == "opportunity":
        made = Opportunity.objects.add(finding.team, by=by, title=title, stage=finding.stage)
        evidence.link(finding, made, by=by)
        return made
    parents = list(finding.opportunities.filter(team=finding.team)[:2])
    parent = parents[0] if len(parents) == 1 else None
    made = Story.objects.add(finding.team, by=by, title=title, kind=STORIES[what], opportunity=parent)
    evidence.link_story(finding, made, by=by)
    return made


@transaction.atomic
def from_observation(observation, what, title, *, by):
    """It remembers the observation, and the session when the notes are gone."""
    session = observation.session
    team = session.round.team
    if what == "opportunity":
        made = Opportunity.objects.add(team, by=by, title=title)
        observation.opportunities.add(made)
        session.opportunities.add(made)
        evidence.push([made.pk])
    else:
        made = Story.objects.add(team, by=by, title=title, kind=STORIES[what])
        observation.stories.add(made)
        session.stories.add(made)
    session.record(f"created {made.reference} from an observation", by=by)
    return made
