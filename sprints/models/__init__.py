from .blocker import Blocker
from .blocker_update import BlockerUpdate
from .commitment import Commitment, ScopeChange
from .sprint import Destination, GoalResult, Sprint, State

__all__ = [
    "Blocker",
    "BlockerUpdate",
    "Commitment",
    "Destination",
    "GoalResult",
    "ScopeChange",
    "Sprint",
    "State",
]
