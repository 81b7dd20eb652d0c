"""What a team does in its sprint, in tests."""

from backlog.models import Story, StoryState

COLUMNS = [StoryState.READY, StoryState.IN_PROGRESS, StoryState.IN_REVIEW, StoryState.SIGN_OFF, StoryState.DONE]


def bring(story, to, *, by):
    """Take a story of the board step by step to a column further on."""
    story = Story.objects.get(pk=story.pk)
    for state in COLUMNS[COLUMNS.index(story.state) + 1 : COLUMNS.index(to) + 1]:
        if state == StoryState.DONE:
            for criterion in story.criteria.all():
                story.tick(criterion, by=by)
        story.move_to(state, by=by)
    return story


def finish(story, *, by):
    return bring(story, StoryState.DONE, by=by)


def resize(story, points, *, by):
    story = Story.objects.get(pk=story.pk)
    story.edit(points=points, by=by)
    return story
