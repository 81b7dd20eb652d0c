"""The words of playbacks: what they are, what becomes of them, and what may be said of an item."""

from django.db import models


class Audience(models.TextChoices):
    STAKEHOLDER = "stakeholder", "Service leads"
    TEAM = "team", "The team only"


class PlaybackState(models.TextChoices):
    DRAFT = "draft", "Draft"
    SHARED = "shared", "Shared"
    CLOSED = "closed", "Closed"


class Part(models.IntegerChoices):
    """Where an item stands on the page, in this order."""

    LEARNED = 1, "What we learned"
    OPPORTUNITY = 2, "What could be better"
    STORY = 3, "What is done"
    OUTPUT = 4, "What we made"


class Answer(models.TextChoices):
    AGREE = "agree", "Agree"
    QUESTION = "question", "Question"
    DISAGREE = "disagree", "Disagree"


class Result(models.TextChoices):
    AGREED = "agreed", "Agreed"
    WITH_CHANGES = "with_changes", "Agreed with changes"
    TO_DISCUSS = "to_discuss", "To discuss"
    DROPPED = "dropped", "Dropped"


class Use(models.TextChoices):
    """What is done through a share link."""

    READ = "read", "Read"
    ASKED = "asked", "Asked for a code"
    CONFIRMED = "confirmed", "Confirmed their address"
    ANSWERED = "answered", "Answered"
    REPLIED = "replied", "Replied"
    STOPPED = "stopped", "Stopped their letters"
    RESUMED = "resumed", "Gets letters again"
