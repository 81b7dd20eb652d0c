"""What a weeknote begins with: what happened in a sprint, one line each. A person makes words for others of it."""

from django.utils import timezone

from backlog.models import StoryState
from research.models import Finding
from sprints.models import Blocker, Sprint

MOST = 15  # lines of each part


def drafted(sprint) -> dict:
    """Words for each part of a weeknote."""
    held = stories_in(sprint)
    return {
        "good": lines([goal_of(sprint), *(f"Done: {title}" for title, state in held if state == StoryState.DONE)]),
        "learned": lines(one.statement for one in findings_of(sprint)),
        "difficulties": lines(f"Cleared: {one.title}" for one in cleared_in(sprint)),
        "next": lines([next_goal(sprint), *(f"Finish: {title}" for title, state in held if state != StoryState.DONE)]),
    }


def stories_in(sprint) -> list:
    """(title, state) of what stands in it now, or stood in it when it ended."""
    if sprint.is_over:
        return [(one.title, one.closed_state) for one in sprint.commitments.at_the_end()]
    return [(one.story.title, one.story.state) for one in sprint.commitments.for_walk().in_place()]


def lines(words) -> str:
    some = [one for one in words if one][:MOST]
    return "\n".join(f"- {one}" for one in some)


def goal_of(sprint) -> str:
    if not sprint.goal:
        return ""
    result = f" – {sprint.get_goal_result_display().lower()}: {sprint.goal_note}" if sprint.goal_result else ""
    return f"Our goal: {sprint.goal}{result}"


def findings_of(sprint):
    return Finding.objects.filter(team=sprint.team).agreed_between(sprint.starts_on, last_day(sprint))


def cleared_in(sprint):
    return Blocker.objects.in_teams([sprint.team]).resolved_between(sprint.starts_on, last_day(sprint))


def next_goal(sprint) -> str:
    following = Sprint.objects.in_teams([sprint.team]).planned().after(sprint).first()
    return f"Next goal: {following.goal}" if following and following.goal else ""


def last_day(sprint):
    return timezone.localdate(sprint.closed_at) if sprint.closed_at else sprint.ends_on
