"""What goes in and out of a sprint. The verbs are the sprint's; call these on a held sprint and held stories."""

from django.core.exceptions import ValidationError

from backlog.fractional import after
from backlog.models import Opportunity, State, Story
from backlog.models.story_states import STARTED, StoryState

STARTABLE = [StoryState.READY, *STARTED]


def stories_of(sprint):
    return Story.objects.filter(pk__in=sprint.commitments.held().values("story"))


def free_stories(sprint):
    """What a sprint may take in: in no open sprint, and neither done nor on hold, in the team's order."""
    states = [StoryState.BACKLOG, *STARTABLE]
    taken = sprint.commitments.model.objects.held().filter(team=sprint.team_id).values("story")
    return Story.objects.filter(team=sprint.team_id, state__in=states).exclude(pk__in=taken).in_order()


def not_ready(stories) -> list:
    """Those that a sprint cannot start with, in sentences."""
    return [
        f"{story.reference} is “{story.get_state_display()}”. Make it ready or take it out"
        for story in stories
        if story.state not in STARTABLE
    ]


def hold(stories) -> list:
    """The stories as they are now, until the transaction ends; locked by their ids, given in the order asked."""
    keys = [story.pk for story in stories]
    locked = Story.objects.select_for_update(no_key=True, of=("self",)).select_related("team__programme")
    found = {story.pk: story for story in locked.filter(pk__in=keys).order_by("pk")}
    return [found[key] for key in dict.fromkeys(keys)]


def take_in(sprint, stories, *, by, why):
    """At the end of the board, in the order given. What is not ready yet becomes so, or says what it lacks.

    Returns what an undo needs (pull_undo.py).
    """
    model = sprint.commitments.model
    made_ready = _make_ready(stories, model, by=by)
    held = sprint.commitments.held()
    last = held.order_by("-rank").values_list("rank", flat=True).first()
    was_here = {one.story_id: one for one in sprint.commitments.filter(story__in=stories)}
    for story in stories:
        last = after(last)
        one = was_here.get(story.pk) or model(
            sprint=sprint,
            team_id=story.team_id,
            story=story,
            added_by=by,
            reference=story.reference,
            title=story.title,
            points=story.points,
        )
        one.held, one.rank = True, last
        one.save()
    if sprint.is_active:
        _log(sprint, stories, "added", by=by, why=why)
    versions = {str(story.pk): story.version for story in stories}
    return {"pulled": versions, "made_ready": made_ready, "state": sprint.state}


def _make_ready(stories, model, *, by) -> list:
    """The ids of those that were not ready yet. Raises ValidationError with all that keeps any of them from coming."""
    made, problems = [], []
    for story in stories:
        try:
            _refuse_what_cannot_come(story, model)
            if story.state == StoryState.BACKLOG:
                story.mark_ready(by=by)
                made.append(story.pk)
        except ValidationError as problem:
            problems += problem.messages
    if problems:
        raise ValidationError(problems)
    return made


def take_out(sprint, stories, *, by, why):
    if sprint.commitments.held().filter(story__in=stories).count() != len(stories):
        raise ValidationError(f"Some of these are not in {sprint} any more. Look at it again")
    done = [story for story in stories if story.state == StoryState.DONE]
    if done:
        stay = "is done and stays" if len(done) == 1 else "are done and stay"
        raise ValidationError(f"{listed(done)} {stay} in the sprint")
    leave(sprint, stories, by=by, why=why)
    if sprint.is_active:
        put_down(stories, by=by)


def leave(sprint, stories, *, by, why):
    """They stand in it no longer; what had been in an active sprint is remembered."""
    mine = sprint.commitments.held().filter(story__in=stories)
    if not sprint.is_active:
        mine.delete()
        return
    mine.update(held=False)
    _log(sprint, stories, "removed", by=by, why=why)


def seal(sprint, stories) -> int:
    """Write down what the sprint commits to. Returns the points."""
    by_story = {story.pk: story for story in stories}
    rows = list(sprint.commitments.held())
    for one in rows:
        story = by_story[one.story_id]
        one.sealed, one.title, one.points = True, story.title, story.points
    sprint.commitments.bulk_update(rows, ["sealed", "title", "points"])
    return sum(story.points for story in stories)


def freeze(sprint, destinations):
    """Keep each story as it is now, with where it goes; the sprint holds it no longer."""
    rows = list(sprint.commitments.held().select_related("story"))
    for one in rows:
        story = one.story
        one.held, one.title = False, story.title
        one.closed_state, one.closed_points = story.state, story.points or 0
        one.destination = destinations.get(story.reference, "") if story.is_open else ""
    sprint.commitments.bulk_update(rows, ["held", "title", "closed_state", "closed_points", "destination"])


def put_down(stories, *, by):
    """Nobody works on them any more: back to ready. What waits for sign-off goes on waiting."""
    for story in stories:
        if story.state == StoryState.IN_REVIEW:
            story.move_to(StoryState.IN_PROGRESS, by=by)
        if story.state == StoryState.IN_PROGRESS:
            story.move_to(StoryState.READY, by=by)


def start_delivery(stories, *, by) -> str:
    """An opportunity is in delivery once its first story is in an active sprint; taking it out changes nothing.

    Returns the sentence that says so, for the end of a line of history; nothing where none began.
    """
    wanted = {story.opportunity_id for story in stories if story.opportunity_id}
    taken = Opportunity.objects.filter(pk__in=wanted, state=State.TAKE_FORWARD).select_related("team__programme")
    begun = list(taken.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    for opportunity in begun:
        opportunity.start_delivery(by=by)
    return f". {listed(begun)} {'is' if len(begun) == 1 else 'are'} in delivery now" if begun else ""


def listed(stories) -> str:
    return ", ".join(story.reference for story in stories)


def counted(stories, points) -> str:
    return f"{stories} {'story' if stories == 1 else 'stories'}, {points} point{'' if points == 1 else 's'}"


def _refuse_what_cannot_come(story, model):
    elsewhere = model.objects.held().filter(story=story).select_related("sprint").first()
    if elsewhere:
        raise ValidationError(f"{story.reference} is in sprint {elsewhere.sprint.number} already")
    if story.state not in (StoryState.BACKLOG, *STARTABLE):
        raise ValidationError(f"{story.reference} is “{story.get_state_display()}”, so it cannot be pulled in")


def _log(sprint, stories, kind, *, by, why):
    changes = sprint.scope_changes
    changes.bulk_create(
        changes.model(sprint=sprint, story=story, kind=kind, points=story.points, why=why, by=by, by_name=by.name)
        for story in stories
    )
