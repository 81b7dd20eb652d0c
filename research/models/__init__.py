from .edition import Edition, EditionItem
from .finding import Finding, FindingKind, Severity
from .longer import Longer
from .observation import Kind, Observation
from .outcome import Outcome
from .participant import AgeBand, Participant
from .passcode import Passcode
from .playback import Playback
from .playback_item import PlaybackItem
from .playback_states import Answer, Audience, Part, PlaybackState, Result, Use
from .printed import Printed
from .reading import Reading
from .response import Reply, Response
from .reviewer import Reviewer
from .round import Method, Round
from .session import Session
from .share_link import ShareLink
from .share_link_use import ShareLinkUse
from .stamp import Stamp
from .states import HOW, Consent, FindingState, Place, RoundState, Scope, SessionState
from .weeknote import Weeknote

__all__ = [
    "HOW",
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
    "Longer",
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
    "Printed",
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
    "Stamp",
    "Use",
    "Weeknote",
]
