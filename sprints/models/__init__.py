from .blocker import Blocker
from .blocker_update import BlockerUpdate

__all__ = ["Blocker", "BlockerUpdate"]
