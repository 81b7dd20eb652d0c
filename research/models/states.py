"""Where a round, a session, a consent and a finding may be, and where they may go from there (domain.md §2.2)."""

from django.db import models


class RoundState(models.TextChoices):
    PLANNED = "planned", "Planned"
    FIELDWORK = "fieldwork", "Fieldwork"
    ANALYSIS = "analysis", "Analysis"
    SHARED = "shared", "Shared"
    ERASED = "erased", "Erased"


class SessionState(models.TextChoices):
    PLANNED = "planned", "Planned"
    HELD = "held", "Held"
    ANALYSED = "analysed", "Analysed"
    NO_SHOW = "no_show", "No-show"
    CANCELLED = "cancelled", "Cancelled"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Consent(models.TextChoices):
    NOT_RECORDED = "not_recorded", "Not recorded"
    GIVEN = "given", "Given"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "Withdrawn"


class Scope(models.TextChoices):
    """What a participant agreed to."""

    NOTES = "notes", "Written notes"
    AUDIO = "audio", "Sound recording"
    VIDEO = "video", "Video recording"
    OBSERVERS = "observers", "People watching"
    QUOTES = "quotes", "Sharing what they say, word for word"


class Place(models.TextChoices):
    HOME = "home", "Home visit"
    IN_PERSON = "in_person", "In person"
    LAB = "lab", "Lab"
    PHONE = "phone", "Phone"
    VIDEO = "video", "Video call"


class FindingState(models.TextChoices):
    DRAFT = "draft", "Draft"
    AGREED = "agreed", "Agreed"
    SUPERSEDED = "superseded", "Superseded"


HOW = [("signed", "Signed form"), ("email", "By email"), ("recorded", "Said on a recording")]  # consent was given
ROUND_COMES_FROM = {
    RoundState.FIELDWORK: [RoundState.PLANNED, RoundState.ANALYSIS],
    RoundState.ANALYSIS: [RoundState.FIELDWORK, RoundState.SHARED],
    RoundState.SHARED: [RoundState.ANALYSIS],
}
TAKES_NOTES = [RoundState.FIELDWORK, RoundState.ANALYSIS]
SESSION_COMES_FROM = {
    SessionState.PLANNED: [SessionState.NO_SHOW, SessionState.CANCELLED],
    SessionState.HELD: [SessionState.PLANNED, SessionState.ANALYSED],
    SessionState.ANALYSED: [SessionState.HELD],
    SessionState.NO_SHOW: [SessionState.PLANNED],
    SessionState.CANCELLED: [SessionState.PLANNED],
}
MET = [SessionState.HELD, SessionState.ANALYSED]  # somebody was there, and said yes
