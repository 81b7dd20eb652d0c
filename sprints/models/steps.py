"""What happened to the stories of a sprint since it started, as the steps its figures are made of."""

from dataclasses import dataclass

from backlog.models import StoryMove, StorySize
from backlog.models.story_states import StoryState
from sprints.burndown import Step

SCOPE = {"added": "Added", "removed": "Taken out"}  # the kinds of a change of scope; no state is called so


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


def steps_of(sprint, commitments=None) -> list:
    """Every step that changes a figure, in its order. An ended sprint has them in its record."""
    if sprint.record:
        return [Step.from_json(one) for one in sprint.record["steps"]]
    if not sprint.started_at:
        return []
    commitments = list(sprint.commitments.order_by("pk")) if commitments is None else commitments
    now = {one.story_id: Now(one.reference, one.points) for one in commitments}
    sealed = [one.story_id for one in commitments if one.sealed]
    steps = [_step(now[key], sprint.started_at, "Committed at the start", inside=True) for key in sealed]
    for row in _since(sprint, now):
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


def _since(sprint, stories) -> list:
    """What happened to its stories after the start, in one question."""
    moves = StoryMove.objects.filter(story__commitments__sprint=sprint, at__gt=sprint.started_at)
    sizes = StorySize.objects.filter(story__commitments__sprint=sprint, at__gt=sprint.started_at)
    moves = moves.values_list("at", "story_id", "to_state", "points", "by_name", "comment")
    scope = sprint.scope_changes.order_by().values_list("at", "story_id", "kind", "points", "by_name", "why")
    rows = [
        {"at": at, "story": story, "who": who, "why": why, **_what(kind, points)}
        for at, story, kind, points, who, why in scope.union(moves, sizes.as_moves(), all=True)
        if story in stories
    ]
    return sorted(rows, key=lambda row: row["at"])


def _what(kind, points) -> dict:
    """In words, and what is true from then on."""
    if kind in SCOPE:
        return {"what": SCOPE[kind], "inside": kind == "added", "points": points}
    if not kind:
        return {"what": f"Sized {points}", "points": points}
    state = StoryState(kind)
    return {"what": state.label, "done": state == StoryState.DONE, "refused": state == StoryState.WONT_DO}
