from .blocker import Blocker
from .blocker_update import BlockerUpdate
from .sprint import Sprint

__all__ = ["Blocker", "BlockerUpdate", "Sprint"]
