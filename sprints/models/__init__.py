from .blocker import Blocker
from .blocker_limits import BlockerLimits
from .blocker_states import Category
from .blocker_update import BlockerUpdate
from .sprint import Sprint

__all__ = ["Blocker", "BlockerLimits", "BlockerUpdate", "Category", "Sprint"]
