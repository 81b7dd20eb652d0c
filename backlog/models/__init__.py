from .comment import Comment
from .criterion import Criterion
from .decision import Decision
from .definitions import Definitions
from .deputy import Deputy
from .imports import ImportFile, ImportRow, ImportRun
from .journey import Journey
from .link import Link
from .opportunity import Opportunity
from .order import Order
from .review import ReviewSession
from .review_item import ReviewItem
from .silent_score import SilentScore
from .stage import Channel, Stage, Touchpoint
from .states import MustDo, State
from .story import Story, StoryChannel
from .story_move import StoryMove
from .story_order import StoryOrder
from .story_size import StorySize
from .story_states import Authority, Kind, Step, StoryState
from .user_group import AccessNeed, UserGroup
from .view import SavedView

__all__ = [
    "AccessNeed",
    "Authority",
    "Channel",
    "Comment",
    "Criterion",
    "Decision",
    "Definitions",
    "Deputy",
    "ImportFile",
    "ImportRow",
    "ImportRun",
    "Journey",
    "Kind",
    "Link",
    "MustDo",
    "Opportunity",
    "Order",
    "ReviewItem",
    "ReviewSession",
    "SavedView",
    "SilentScore",
    "Stage",
    "State",
    "Step",
    "Story",
    "StoryChannel",
    "StoryMove",
    "StoryOrder",
    "StorySize",
    "StoryState",
    "Touchpoint",
    "UserGroup",
]
