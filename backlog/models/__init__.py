from .comment import Comment
from .journey import Channel, Journey, Stage, Touchpoint
from .opportunity import Opportunity
from .order import Order
from .review import ReviewItem, ReviewSession, SilentScore
from .states import MustDo, State
from .view import SavedView

__all__ = [
    "Channel",
    "Comment",
    "Journey",
    "MustDo",
    "Opportunity",
    "Order",
    "ReviewItem",
    "ReviewSession",
    "SavedView",
    "SilentScore",
    "Stage",
    "State",
    "Touchpoint",
]
