from .comment import Comment
from .imports import ImportFile, ImportRow, ImportRun
from .journey import Channel, Journey, Stage, Touchpoint
from .opportunity import Opportunity
from .order import Order
from .review import ReviewSession
from .review_item import Decision, ReviewItem
from .silent_score import SilentScore
from .states import MustDo, State
from .view import SavedView

__all__ = [
    "Channel",
    "Comment",
    "Decision",
    "ImportFile",
    "ImportRow",
    "ImportRun",
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
