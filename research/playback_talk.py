"""What was said of the items of a playback: of each the latest few for its page, and all of one on a page of its own.

Asked once for all of them: of three hundred who answer sixty items, a page neither reads nor shows every word.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import CharField, Count, Min
from django.db.models.functions import Coalesce

from backlog.keyset import Segment, cursor_at
from research.models import Response, Reviewer
from research.response_forms import ReplyForm

NAME = Coalesce("reviewer__user__name", "reviewer__email", output_field=CharField())


@dataclass
class Said:
    """What one reviewer answered to one item: now, before, and what was talked about it."""

    reviewer: Reviewer
    response: Response
    is_mine: bool
    earlier: list = field(default_factory=list)
    replies: list = field(default_factory=list)
    form: ReplyForm | None = None


def few(playback, me, also) -> dict:
    """By item: the latest few answers, among them the reader’s and those of the reviewer with the key `also`."""
    named = [pk for pk in (me and me.pk, also) if pk]
    return by_item(playback, playback.responses.few_of_each(named), me)


def only(playback, me) -> dict:
    """By item: what this reviewer said and was told."""
    return by_item(playback, playback.responses.current().filter(reviewer=me), me)


def by_item(playback, responses, me) -> dict:
    """Each with what the reviewer answered before and what was talked about it, in the order it was said."""
    responses = sorted(responses.with_reviewers(), key=lambda one: (one.at, one.pk))
    found = defaultdict(list)
    for one, said in zip(responses, with_talk(playback, responses, me), strict=True):
        found[one.item_id].append(said)
    return found


def with_talk(playback, responses, me) -> list:
    where = {"item__in": {one.item_id for one in responses}, "reviewer__in": {one.reviewer_id for one in responses}}
    before, talk = defaultdict(list), defaultdict(list)
    for one in playback.responses.superseded().filter(**where):
        before[one.item_id, one.reviewer_id].append(one)
    for one in playback.replies.filter(**where):
        talk[one.item_id, one.reviewer_id].append(one)
    keys = [(one.item_id, one.reviewer_id) for one in responses]
    return [
        Said(one.reviewer, one, bool(me) and one.reviewer_id == me.pk, before[key], talk[key])
        for one, key in zip(responses, keys, strict=True)
    ]


def tally(playback) -> dict:
    """By item: how many agree, ask and disagree."""
    found = defaultdict(Counter)
    rows = playback.responses.current().order_by().values_list("item", "answer").annotate(n=Count("pk"))
    for item, answer, n in rows:
        found[item][answer] = n
    return found


def proposed(playback) -> dict:
    """By item: (value, how many would give it, the name of one of them), what most would give first."""
    rows = playback.responses.current().filter(value__isnull=False).order_by().values_list("item", "value")
    found = defaultdict(list)
    for item, *proposal in rows.annotate(n=Count("pk"), name=Min(NAME)).order_by("item", "-n", "-value"):
        found[item].append(proposal)
    return found


def listed(item, answer="") -> tuple:
    """All answers to one item, the latest first, or all of one kind: (segments, the name of the list)."""
    rows = item.responses.current().select_related("reviewer__user")
    rows = rows.filter(answer=answer) if answer else rows
    return [Segment(rows, ("-at", "-id"))], f"answers/{item.pk}/{answer}"


def place_of(response) -> str:
    """The cursor of the page of all answers that begins with this one."""
    segments, of = listed(response.item)
    return cursor_at(segments, 0, response, 1, of=of)
