from .finding import Finding, FindingKind, Severity
from .observation import Kind, Observation
from .participant import AgeBand, Participant
from .reading import Reading
from .round import Method, Round
from .session import Place, Session
from .states import Consent, FindingState, RoundState, Scope, SessionState

__all__ = [
    "AgeBand",
    "Consent",
    "Finding",
    "FindingKind",
    "FindingState",
    "Kind",
    "Method",
    "Observation",
    "Participant",
    "Place",
    "Reading",
    "Round",
    "RoundState",
    "Scope",
    "Session",
    "SessionState",
    "Severity",
]
