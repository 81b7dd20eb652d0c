from .blocker import Blocker
from .blocker_limits import BlockerLimits
from .blocker_states import Category
from .blocker_update import BlockerUpdate
from .commitment import Commitment, ScopeChange
from .digest import DigestClock, DigestRun
from .digest_settings import DigestSettings
from .goal_check import GoalCheck, Track
from .sprint import Sprint
from .sprint_states import Destination, GoalResult, State
from .standup_entry import StandupEntry
from .talk_after import TalkAfter

__all__ = [
    "Blocker",
    "BlockerLimits",
    "BlockerUpdate",
    "Category",
    "Commitment",
    "Destination",
    "DigestClock",
    "DigestRun",
    "DigestSettings",
    "GoalCheck",
    "GoalResult",
    "ScopeChange",
    "Sprint",
    "StandupEntry",
    "State",
    "TalkAfter",
    "Track",
]
