"""What happened to the stories of a sprint since it started, as the steps its figures are made of."""

from dataclasses import dataclass
from operator import attrgetter, itemgetter

from django.db.models import Q

from backlog.models import StoryMove, StorySize
from backlog.models.story_states import CLOSED, StoryState
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


def steps_of(sprint) -> list:
    """Every step that changes a figure, in its order. An ended sprint has them in its record."""
    if sprint.record:
        return [Step.from_json(one) for one in sprint.record["steps"]]
    if not sprint.started_at:
        return []
    return _steps(sprint, sprint.commitments.order_by("pk"), _since(sprint))


def few_steps_of(sprint, cards) -> list:
    """The same figures in as many steps as there were changes: of what nobody changed, however much, it makes one."""
    changes = _since(sprint)
    changed = {one["story"] for one in changes}
    rest = sum(card.points for card in cards if card.sealed and card.story_id not in changed)
    theirs = sorted((card for card in cards if card.story_id in changed), key=attrgetter("pk"))
    return [Step(sprint.started_at, "", rest), *_steps(sprint, theirs, changes)]


def _steps(sprint, commitments, changes) -> list:
    now = {one.story_id: Now(one.reference, one.points) for one in commitments}
    sealed = [one.story_id for one in commitments if one.sealed]
    steps = [_step(now[key], sprint.started_at, "Committed at the start", inside=True) for key in sealed]
    for change in changes:
        story = now.get(change["story"])
        if story is None:
            continue  # it came in after the list was read
        before = story.figures
        step = _step(story, **{name: change[name] for name in change if name != "story"})
        if story.figures != before:
            steps.append(step)
    return steps


def _step(now, at, what, *, who="", why="", **facts):
    """Let something become true; the story's Step from then on."""
    for name, value in facts.items():
        setattr(now, name, value)
    points, inside, done = now.figures
    return Step(at, now.reference, points, inside, done, what, who, why)


def _since(sprint) -> list:
    """What happened to its stories after the start and may have changed a figure, in one question."""
    after = {"story__commitments__sprint": sprint, "at__gt": sprint.started_at}
    moves = StoryMove.objects.filter(Q(from_state__in=CLOSED) | Q(to_state__in=CLOSED), **after)
    sizes = StorySize.objects.filter(**after)
    moves = moves.values_list("at", "story_id", "to_state", "points", "by_name", "comment")
    scope = sprint.scope_changes.order_by().values_list("at", "story_id", "kind", "points", "by_name", "why")
    found = scope.union(moves, sizes.as_moves(), all=True)
    rows = [
        {"at": at, "story": story, "who": who, "why": why, **_what(kind, points)}
        for at, story, kind, points, who, why in found
    ]
    return sorted(rows, key=itemgetter("at"))


def _what(kind, points) -> dict:
    """In words, and what is true from then on."""
    if kind in SCOPE:
        return {"what": SCOPE[kind], "inside": kind == "added", "points": points}
    if not kind:
        return {"what": f"Sized {points}", "points": points}
    state = StoryState(kind)
    return {"what": state.label, "done": state == StoryState.DONE, "refused": state == StoryState.WONT_DO}
