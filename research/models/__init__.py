from .edition import Edition, EditionItem
from .finding import Finding, FindingKind, Severity
from .observation import Kind, Observation
from .outcome import Outcome
from .participant import AgeBand, Participant
from .passcode import Passcode
from .playback import Playback
from .playback_item import PlaybackItem
from .playback_states import Answer, Audience, Part, PlaybackState, Result, Use
from .reading import Reading
from .response import Reply, Response
from .reviewer import Reviewer
from .round import Method, Round
from .session import Place, Session
from .share_link import ShareLink, ShareLinkUse
from .states import Consent, FindingState, RoundState, Scope, SessionState
from .weeknote import Weeknote

__all__ = [
    "AgeBand",
    "Answer",
    "Audience",
    "Consent",
    "Edition",
    "EditionItem",
    "Finding",
    "FindingKind",
    "FindingState",
    "Kind",
    "Method",
    "Observation",
    "Outcome",
    "Part",
    "Participant",
    "Passcode",
    "Place",
    "Playback",
    "PlaybackItem",
    "PlaybackState",
    "Reading",
    "Reply",
    "Response",
    "Result",
    "Reviewer",
    "Round",
    "RoundState",
    "Scope",
    "Session",
    "SessionState",
    "Severity",
    "ShareLink",
    "ShareLinkUse",
    "Use",
    "Weeknote",
]
