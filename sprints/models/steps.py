"""What happened to the stories of a sprint since it started, as the steps its figures are made of."""

from dataclasses import dataclass

from backlog.models import StoryMove, StorySize
from backlog.models.story_states import StoryState
from sprints.burndown import Step


@dataclass
class Now:
    """What is true of one story while its history is walked through."""

    reference: str
    points: int
    inside: bool = False
    done: bool = False
    refused: bool = False

    @property
    def figures(self):
        return self.points, self.inside and not self.refused, self.done


def steps_of(sprint, commitments=None, changes=None) -> list:
    """Every step that changes a figure, in its order. An ended sprint has them in its record."""
    if sprint.record:
        return [Step.from_json(one) for one in sprint.record["steps"]]
    if not sprint.started_at:
        return []
    commitments = list(sprint.commitments.order_by("pk")) if commitments is None else commitments
    changes = list(sprint.scope_changes.all()) if changes is None else changes
    now = {one.story_id: Now(one.reference, one.points) for one in commitments}
    sealed = [one.story_id for one in commitments if one.sealed]
    steps = [_step(now[key], sprint.started_at, "Committed at the start", inside=True) for key in sealed]
    for row in _since(sprint.started_at, now, changes):
        before = now[row["story"]].figures
        step = _step(now[row["story"]], **{name: row[name] for name in row if name != "story"})
        if now[row["story"]].figures != before:
            steps.append(step)
    return steps


def _step(now, at, what, *, who="", why="", **facts):
    """Let something become true; the story's Step from then on."""
    for name, value in facts.items():
        setattr(now, name, value)
    points, inside, done = now.figures
    return Step(at, now.reference, points, inside, done, what, who, why)


def _since(started_at, stories, changes) -> list:
    rows = [_change(one) for one in changes]
    moves = StoryMove.objects.filter(story__in=stories, at__gt=started_at)
    sizes = StorySize.objects.filter(story__in=stories, at__gt=started_at)
    fields = ["at", "story_id", "to_state", "points", "by_name", "comment"]
    for at, story, state, points, who, why in moves.values_list(*fields).union(sizes.as_moves(), all=True):
        what, facts = _move(state) if state else (f"Sized {points}", {"points": points})
        rows.append({"at": at, "story": story, "what": what, "who": who, "why": why, **facts})
    return sorted(rows, key=lambda row: row["at"])


def _change(one):
    added = one.kind == "added"
    facts = {"inside": added, "points": one.points}
    return {
        "at": one.at,
        "story": one.story_id,
        "what": one.get_kind_display(),
        "who": one.by_name,
        "why": one.why,
        **facts,
    }


def _move(state):
    state = StoryState(state)
    return state.label, {"done": state == StoryState.DONE, "refused": state == StoryState.WONT_DO}
