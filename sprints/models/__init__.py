from .blocker import Blocker
from .blocker_limits import BlockerLimits
from .blocker_states import Category
from .blocker_update import BlockerUpdate
from .commitment import Commitment, ScopeChange
from .sprint import Destination, GoalResult, Sprint, State

__all__ = [
    "Blocker",
    "BlockerLimits",
    "BlockerUpdate",
    "Category",
    "Commitment",
    "Destination",
    "GoalResult",
    "ScopeChange",
    "Sprint",
    "State",
]
