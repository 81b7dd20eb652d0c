"""Where a story may be, and who may take it where (domain.md §2.2).

"Blocked" is not among these: it is read from the blockers, and blocked work is still work in progress.
"""

from dataclasses import dataclass

from django.db import models


class Kind(models.TextChoices):
    USER_STORY = "user_story", "User story"
    BUG = "bug", "Bug"
    TASK = "task", "Task"


class StoryState(models.TextChoices):
    BACKLOG = "backlog", "Backlog"
    READY = "ready", "Ready"
    IN_PROGRESS = "in_progress", "In progress"
    IN_REVIEW = "in_review", "In review"
    SIGN_OFF = "sign_off", "Ready for sign-off"
    DONE = "done", "Done"
    ON_HOLD = "on_hold", "On hold"
    WONT_DO = "wont_do", "Won’t do"


POINTS = [1, 2, 3, 5, 8, 13]
SPLIT_AT = 13  # points: too much to be sure of
CLOSED = [StoryState.DONE, StoryState.WONT_DO]
OPEN = [state for state in StoryState if state not in CLOSED]
STARTED = [StoryState.IN_PROGRESS, StoryState.IN_REVIEW, StoryState.SIGN_OFF]
SPLITTABLE = [StoryState.BACKLOG, StoryState.READY, StoryState.ON_HOLD]
READY_OR_LATER = [StoryState.READY, *STARTED, StoryState.DONE]


@dataclass(frozen=True)
class Authority:
    """What a person may decide about the stories of one team, beside what everybody in it may."""

    owns: bool  # the product owner
    signs_off: bool  # the product owner, or a deputy named for today


@dataclass(frozen=True)
class Step:
    """A way from one state to another."""

    words: str  # in the history, after a name
    label: str  # on a button
    by: str = ""  # the Authority it takes; nothing: anybody in the team
    asks: str = ""  # what the person must say with it

    def open_to(self, authority: Authority) -> bool:
        return not self.by or getattr(authority, self.by)


_HOLD = Step("put it on hold", "Put on hold")
_REFUSE = Step("decided not to do it", "Won’t do", by="owns", asks="Say why it won’t be done")
STEPS = {  # of each state first the way on: a page makes it the first button
    (StoryState.BACKLOG, StoryState.READY): Step("marked it ready", "Mark as ready"),
    (StoryState.READY, StoryState.IN_PROGRESS): Step("started it", "Start"),
    (StoryState.READY, StoryState.BACKLOG): Step("put it back into the backlog", "Put back into the backlog"),
    (StoryState.IN_PROGRESS, StoryState.IN_REVIEW): Step("sent it to review", "Send to review"),
    (StoryState.IN_PROGRESS, StoryState.READY): Step("put it back to ready", "Put back to ready"),
    (StoryState.IN_REVIEW, StoryState.SIGN_OFF): Step("asked for sign-off", "Ask for sign-off"),
    (StoryState.IN_REVIEW, StoryState.IN_PROGRESS): Step("took it back from review", "Take back from review"),
    (StoryState.SIGN_OFF, StoryState.DONE): Step("signed it off", "Sign off", by="signs_off"),
    (StoryState.SIGN_OFF, StoryState.IN_PROGRESS): Step(
        "returned it", "Return", by="signs_off", asks="Say what is missing, so that the team knows what to do"
    ),
    (StoryState.BACKLOG, StoryState.ON_HOLD): _HOLD,
    (StoryState.READY, StoryState.ON_HOLD): _HOLD,
    (StoryState.ON_HOLD, StoryState.READY): Step("took it off hold", "Take off hold, it is ready"),
    (StoryState.ON_HOLD, StoryState.BACKLOG): Step("took it off hold", "Take off hold, into the backlog"),
    **{(state, StoryState.WONT_DO): _REFUSE for state in OPEN},
}
REOPEN = Step("reopened it", "Reopen", by="owns")
REFUSED = {
    "owns": "Only the product owner may do this",
    "signs_off": "Only the product owner, or a deputy they named for today, may sign off or return a story",
}
