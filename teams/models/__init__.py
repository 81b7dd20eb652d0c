from .absence import Absence
from .attempts import Attempts
from .history import Change
from .idempotency import Submission
from .invitation import Invitation
from .job import Job
from .mail import OutgoingMail
from .membership import Membership, ProgrammeAdmin, ServiceLead
from .programme import Programme, Service, Theme
from .session import Session
from .switched_off import Letter, SwitchedOff
from .team import Closure, Phase, PhaseChange, Team
from .user import User
from .versioned import Conflict, Versioned

__all__ = [
    "Absence",
    "Attempts",
    "Change",
    "Closure",
    "Conflict",
    "Invitation",
    "Job",
    "Letter",
    "Membership",
    "OutgoingMail",
    "Phase",
    "PhaseChange",
    "Programme",
    "ProgrammeAdmin",
    "Service",
    "ServiceLead",
    "Session",
    "Submission",
    "SwitchedOff",
    "Team",
    "Theme",
    "User",
    "Versioned",
]
