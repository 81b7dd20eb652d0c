"""What a playback's page shows of one edition: its items by part, who said what, and what became of it.

Everything is read in as many statements for sixty items as for one.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from research.models import EditionItem, Outcome, Part, Response, Reviewer
from research.response_forms import AnswerForm, ReplyForm


@dataclass
class Said:
    """What one reviewer answered to one item: now, before, and what was talked about it."""

    reviewer: Reviewer
    response: Response
    is_mine: bool
    earlier: list = field(default_factory=list)
    replies: list = field(default_factory=list)
    form: ReplyForm | None = None


@dataclass
class Entry:
    """One item of the page."""

    item: EditionItem
    said: list
    outcome: Outcome | None
    form: AnswerForm | None = None

    @property
    def mine(self):
        return next((one for one in self.said if one.is_mine), None)

    @property
    def others(self):
        return [one for one in self.said if not one.is_mine]

    @property
    def proposals(self):
        return [one.response for one in self.said if one.response.value]


def reading(playback, edition, user, *, items=None):
    """The context of the reading page. `items` are given where they are not yet frozen."""
    reviewers = list(playback.reviewers.current())
    me = next((one for one in reviewers if one.user_id == user.pk), None)
    if items is None:
        entries = _entries(playback, edition, _said(playback, user))
    else:
        entries = [Entry(item, [], None) for item in items]
    return _page(playback, edition, entries, me, reviewers)


def reading_through_link(link):
    """The newest edition for somebody without an account: of what is said, only what they and the team said."""
    playback = link.playback
    edition = playback.current_edition()
    said = _said(playback, None, only=link.reviewer) if link.reviewer else {}
    return _page(playback, edition, _entries(playback, edition, said), link.reviewer, []) | {"is_link": True}


def _page(playback, edition, entries, me, reviewers):
    is_newest = edition.number == playback.edition
    may_answer = bool(me and is_newest and playback.is_shared)
    for entry in entries:
        if may_answer:
            entry.form = answer_form(entry)
    return {
        "playback": playback,
        "team": playback.team,
        "tab": "playbacks",
        "edition": edition,
        "parts": _by_part(entries),
        "entries": entries,
        "total": len(entries),
        "answered": sum(1 for one in entries if one.mine),
        "reviewers": [(one, _answered_by(one, entries)) for one in reviewers],
        "me": me,
        "may_answer": may_answer,
        "is_newest": is_newest,
    }


def answer_form(entry, data=None):
    """The form under one item, filled with what was answered before."""
    mine = entry.mine.response if entry.mine else None
    initial = {"answer": mine.answer, "comment": mine.comment, "value": mine.value} if mine else {}
    return AnswerForm(data, part=entry.item.part, initial=initial, auto_id=f"item-{entry.item.item_id}-%s")


def reply_form(said, item, data=None):
    return ReplyForm(data, auto_id=f"item-{item.item_id}-{said.reviewer.pk}-%s")


def _entries(playback, edition, said):
    outcomes = Outcome.objects.filter(item__playback=playback).select_related("opportunity", "story")
    settled = {one.item_id: one for one in outcomes}
    items = edition.items.select_related("item__opportunity", "item__story", "item__finding__team")
    return [Entry(item, list(said.get(item.item_id, {}).values()), settled.get(item.item_id)) for item in items]


def _said(playback, user, only=None) -> dict:
    """By item, by reviewer: what was said, in the order it was. `only` leaves out what others said."""
    by_item, talk = defaultdict(dict), defaultdict(list)
    whose = {"reviewer": only} if only else {}
    for one in playback.replies.filter(**whose):
        talk[one.item_id, one.reviewer_id].append(one)
    for one in playback.responses.filter(**whose).select_related("reviewer__user").order_by("at", "pk"):
        said = by_item[one.item_id].get(one.reviewer_id)
        earlier = [*said.earlier, said.response] if said else []
        is_mine = bool(only) or one.reviewer.user_id == user.pk
        replies = talk[one.item_id, one.reviewer_id]
        by_item[one.item_id][one.reviewer_id] = Said(one.reviewer, one, is_mine, earlier, replies)
    return by_item


def _by_part(entries):
    parts = [(part, [one for one in entries if one.item.part == part]) for part in Part]
    return [(part, some) for part, some in parts if some]


def _answered_by(reviewer, entries):
    return sum(1 for one in entries for said in one.said if said.reviewer.pk == reviewer.pk)
